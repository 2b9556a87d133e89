import './second-factor.css'
import { type FormEvent, useEffect, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { fetchSecondFactor, turnOffSecondFactor } from '../actions/secondFactorAction'
import { errorText } from '../i18n/errorText'
import { addLaterTexts } from '../i18n/later'
import { useSecurityTexts } from '../i18n/security/texts'
import { useTranslation } from '../i18n/useTranslation'
import type { SecondFactorState } from '../protocol/resources'
import { CodeField } from './CodeField'
import { PasswordField } from './PasswordField'
import { SecondFactorSetup } from './SecondFactorSetup'
import { useHasProvider } from './useHasProvider'

addLaterTexts()

interface SecondFactorSettingsProps {
  state: SecondFactorState
  onChange: (state: SecondFactorState) => void
}

/** The profile's part about the second factor: turning it on and off. */
export function SecondFactorSettings({ state, onChange }: SecondFactorSettingsProps) {
  const t = useSecurityTexts()
  const [isOpen, setIsOpen] = useState(false)
  const [notice, setNotice] = useState('')
  const isOn = state === 'on'
  const close = () => {
    setIsOpen(false)
  }
  const finish = (next: SecondFactorState) => {
    close()
    setNotice(t(next === 'on' ? 'turnedOn' : 'turnedOff'))
    onChange(next)
  }
  return (
    <section className="profile-group" aria-labelledby="profile-second-factor">
      <h3 id="profile-second-factor">{t('title')}</h3>
      <p className="profile-notice" role="status">
        {notice}
      </p>
      {isOn ? <CodesLeft /> : <p className="field-hint">{t('intro')}</p>}
      {!isOpen ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            setNotice('')
            setIsOpen(true)
          }}
        >
          {t(isOn ? 'turnOff' : 'turnOn')}
        </button>
      ) : isOn ? (
        <TurnOff onDone={finish} onCancel={close} />
      ) : (
        <SecondFactorSetup
          onDone={() => {
            finish('on')
          }}
          onCancel={close}
        />
      )}
    </section>
  )
}

function CodesLeft() {
  const t = useSecurityTexts()
  const [left, setLeft] = useState<number | null>(null)
  useEffect(() => {
    fetchSecondFactor().then(
      ({ recovery_codes: codes }) => {
        setLeft(codes)
      },
      () => undefined,
    )
  }, [])
  return (
    <p className="field-hint">
      {t('on')} {left === 0 ? t('leftNone') : left !== null && t('left', { count: left })}
    </p>
  )
}

interface Problem {
  field: 'password' | 'code' | 'form'
  text: string
}

/** `onDone` is called with what is true from then on: the school may require it. */
function TurnOff({ onDone, onCancel }: { onDone: (state: SecondFactorState) => void; onCancel: () => void }) {
  const { t: common } = useTranslation()
  const t = useSecurityTexts()
  const hasProvider = useHasProvider()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  /** The server has refused an empty password: the log-in at the provider was too long ago, and stays so. */
  const [isStale, setIsStale] = useState(false)
  const problemOf = (field: Problem['field']) => (problem?.field === field ? problem.text : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!password && !hasProvider) return setProblem({ field: 'password', text: common('login.passwordMissing') })
    if (!password && isStale) return setProblem({ field: 'password', text: t('passwordNone') })
    if (!code.trim()) return setProblem({ field: 'code', text: t('codeMissing') })
    setProblem(null)
    return turnOffSecondFactor(password, code.trim()).then(stateAfterwards).then(onDone, (error: unknown) => {
      const reason = errorCode(error)
      if (reason === 'invalid_password') {
        if (!password) setIsStale(true)
        setProblem({ field: 'password', text: t(password ? 'passwordWrong' : 'passwordNone') })
      }
      else if (reason === 'invalid_second_factor') setProblem({ field: 'code', text: t('codeWrong') })
      else setProblem({ field: 'form', text: errorText(common, reason) })
    })
  }
  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <PasswordField label={t('password')} autoComplete="current-password" value={password} problem={problemOf('password')} onChange={setPassword} />
      {hasProvider && problem?.text !== t('passwordNone') && <p className="field-hint">{t('passwordNone')}</p>}
      {/* Both kinds of codes are accepted. */}
      <CodeField label={t('code')} isRecovery value={code} problem={problemOf('code')} onChange={setCode} />
      {problem?.field === 'form' && (
        <p className="alert" role="alert">
          {problem.text}
        </p>
      )}
      <button type="submit" className="button is-danger">
        {t('turnOff')}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        {t('cancel')}
      </button>
    </form>
  )
}

function stateAfterwards(): Promise<SecondFactorState> {
  return fetchSecondFactor().then(
    ({ state }) => state,
    () => 'off',
  )
}
