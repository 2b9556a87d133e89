import { useEffect, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { errorText } from '../i18n/errorText'
import type { LoginProblem } from './loginError'

addLaterTexts()

/** Why a form was refused; after too many attempts it counts down, and disappears at the end. */
export function FormProblem({ problem, onOver }: { problem: LoginProblem; onOver: () => void }) {
  const { t } = useTranslation()
  switch (problem.kind) {
    case 'wrong':
    case 'disabled':
    case 'tooMany':
      return <Alert text={t(`login.${problem.kind}`)} />
    case 'unsent':
      return <Alert text={t('login.unsent', { count: problem.count })} />
    case 'locked':
      return <Countdown seconds={problem.seconds} onOver={onOver} />
    case 'code':
      return <Alert text={errorText(t, problem.code)} />
  }
}

function Alert({ text }: { text: string }) {
  return (
    <p className="alert" role="alert">
      {text}
    </p>
  )
}

function Countdown({ seconds, onOver }: { seconds: number; onOver: () => void }) {
  const { t } = useTranslation()
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if (left > 1) setLeft(left - 1)
      else onOver()
    }, 1000)
    return () => {
      window.clearTimeout(timer)
    }
  }, [left, onOver])
  return (
    <>
      {/* Announced once, not every second. */}
      <p className="visually-hidden" role="alert">
        {t('login.tooManyFor', { count: seconds })}
      </p>
      <p className="alert" aria-hidden="true">
        {t('login.tooManyFor', { count: left })}
      </p>
    </>
  )
}
