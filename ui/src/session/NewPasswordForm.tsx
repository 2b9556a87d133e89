import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { FormProblem } from './FormProblem'
import { type LoginProblem, requestProblem } from './loginError'
import { PasswordField } from './PasswordField'
import { fieldErrors, passwordRefusal, shortestPassword } from './passwordRules'

addLaterTexts()

type Problem = { field: 'current' | 'new'; text: string } | { field: 'form'; reason: LoginProblem }

interface NewPasswordFormProps {
  /** Whether the current password has to be typed. */
  asksCurrent: boolean
  /** The current one, if it is known: it can't be the new one. */
  known?: string | null
  /** Whether its first field gets the focus. */
  takesFocus: boolean
  /** Rejects with the server's error. */
  onSubmit: (current: string, password: string) => Promise<void>
}

/** A new password, typed only once because it can be shown. */
export function NewPasswordForm({ asksCurrent, known = null, takesFocus, onSubmit }: NewPasswordFormProps) {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const currentField = useRef<HTMLInputElement>(null)
  const newField = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (takesFocus) (currentField.current ?? newField.current)?.focus()
  }, [takesFocus])

  const show = (next: Problem) => {
    setProblem(next)
    if (next.field === 'current') currentField.current?.focus()
    if (next.field === 'new') newField.current?.focus()
  }
  const clearProblem = useCallback(() => {
    setProblem(null)
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (asksCurrent && !current) return show({ field: 'current', text: t('login.passwordMissing') })
    if (password.length < shortestPassword) return show({ field: 'new', text: t('password.tooShort') })
    if (password === (known ?? current)) return show({ field: 'new', text: t('password.unchanged') })
    setProblem(null)
    setIsSubmitting(true)
    return onSubmit(current, password).then(
      () => {
        setIsSubmitting(false)
        setCurrent('')
        setPassword('')
      },
      (error: unknown) => {
        setIsSubmitting(false)
        const data = fieldErrors(error)
        if (errorCode(error) === 'invalid_password' && asksCurrent) show({ field: 'current', text: t('password.currentWrong') })
        else if ('password' in data) show({ field: 'new', text: t(passwordRefusal(data.password)) })
        else show({ field: 'form', reason: requestProblem(error) })
      },
    )
  }

  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      {asksCurrent && (
        <PasswordField
          ref={currentField}
          label={t('password.current')}
          autoComplete="current-password"
          value={current}
          problem={problem?.field === 'current' ? problem.text : null}
          onChange={setCurrent}
        />
      )}
      <PasswordField
        ref={newField}
        label={t('password.new')}
        autoComplete="new-password"
        value={password}
        problem={problem?.field === 'new' ? problem.text : null}
        hint={t('password.rule')}
        onChange={setPassword}
      />
      {problem?.field === 'form' && <FormProblem problem={problem.reason} onOver={clearProblem} />}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t('password.save')}
      </button>
    </form>
  )
}
