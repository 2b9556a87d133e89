import { type FormEvent, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { EmailField, emailProblem } from './EmailField'
import { FormProblem } from './FormProblem'
import { type LoginProblem, loginProblem } from './loginError'
import { PageLink } from './PageLink'
import { PasswordField } from './PasswordField'

type Problem = { field: 'email' | 'password'; text: string } | { field: 'form'; reason: LoginProblem }

interface LoginFormProps {
  email: string
  onEmail: (email: string) => void
  onLogIn: (identity: string, password: string) => Promise<void>
}

export function LoginForm({ email, onEmail, onLogIn }: LoginFormProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const emailField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)

  const begin = useEffectEvent(() => {
    const field = email ? passwordField : emailField
    field.current?.focus()
  })
  useEffect(() => {
    begin()
  }, [])
  const show = (next: Problem) => {
    setProblem(next)
    const field = next.field === 'email' ? emailField : passwordField
    field.current?.focus()
  }
  const clearProblem = useCallback(() => {
    setProblem(null)
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    const wrongEmail = emailProblem(t, email)
    if (wrongEmail) return show({ field: 'email', text: wrongEmail })
    if (!password) return show({ field: 'password', text: t('login.passwordMissing') })
    setProblem(null)
    setIsSubmitting(true)
    return onLogIn(email.trim(), password).catch((error: unknown) => {
      setIsSubmitting(false)
      show({ field: 'form', reason: loginProblem(error) })
    })
  }

  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <EmailField ref={emailField} value={email} problem={problem?.field === 'email' ? problem.text : null} onChange={onEmail} />
      <PasswordField
        ref={passwordField}
        label={t('login.password')}
        autoComplete="current-password"
        value={password}
        problem={problem?.field === 'password' ? problem.text : null}
        onChange={setPassword}
      />
      {problem?.field === 'form' && <FormProblem problem={problem.reason} onOver={clearProblem} />}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t(isSubmitting ? 'login.submitting' : 'login.submit')}
      </button>
      <PageLink path="/forgot-password">{t('login.forgot')}</PageLink>
    </form>
  )
}
