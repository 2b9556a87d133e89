import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { confirmAddress } from '../actions/rosterAction'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { useWelcomeTexts } from '../i18n/welcome/texts'
import { PageLink } from '../parts/PageLink'
import { FormProblem } from './FormProblem'
import { type LoginProblem, requestProblem } from './loginError'
import { LoginFrame } from './LoginFrame'
import { PasswordField } from './PasswordField'
import { fieldErrors } from './passwordRules'

addLaterTexts()

/** The page that the mail to a new address links to. */
export function ConfirmAddressPage({ token }: { token: string }) {
  const { t: common } = useTranslation()
  const t = useWelcomeTexts()
  const [outcome, setOutcome] = useState<'open' | 'done' | 'expired'>('open')
  const confirm = async (password: string) => {
    try {
      await confirmAddress(token, password)
      setOutcome('done')
    } catch (error) {
      if (!('token' in fieldErrors(error))) throw error
      setOutcome('expired')
    }
  }
  return (
    <LoginFrame title={t('addressTitle')}>
      {outcome === 'open' && (
        <>
          <p className="login-text">{t('addressText')}</p>
          <ConfirmAddressForm onSubmit={confirm} />
        </>
      )}
      {outcome === 'done' && (
        <p className="alert is-good" role="status">
          {t('addressDone')}
        </p>
      )}
      {outcome === 'expired' && (
        <p className="alert" role="alert">
          {t('addressExpired')}
        </p>
      )}
      <PageLink path="/">{common('password.backToLogin')}</PageLink>
    </LoginFrame>
  )
}

/** Rejects with the server's error. */
function ConfirmAddressForm({ onSubmit }: { onSubmit: (password: string) => Promise<void> }) {
  const { t: common } = useTranslation()
  const t = useWelcomeTexts()
  const [password, setPassword] = useState('')
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [problem, setProblem] = useState<LoginProblem | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
  }, [])
  const clearProblem = useCallback(() => {
    setProblem(null)
  }, [])
  const refuse = (text: string) => {
    setWrong(text)
    field.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    setWrong(null)
    setProblem(null)
    if (!password) return refuse(common('login.passwordMissing'))
    setIsSubmitting(true)
    return onSubmit(password).catch((error: unknown) => {
      setIsSubmitting(false)
      if ('password' in fieldErrors(error)) refuse(common('session.wrong'))
      else setProblem(requestProblem(error))
    })
  }
  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <PasswordField ref={field} label={t('addressPassword')} autoComplete="current-password" value={password} problem={wrong} onChange={setPassword} />
      {problem && <FormProblem problem={problem} onOver={clearProblem} />}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t('addressSubmit')}
      </button>
    </form>
  )
}
