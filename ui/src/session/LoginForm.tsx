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
  onLogIn: (identity: string, password: string, erasesUnsent: boolean) => Promise<void>
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

  // After the warning the same button confirms; after a change of the address or the password there is a warning again.
  const isWarned = problem?.field === 'form' && problem.reason.kind === 'unsent'
  const typed = (change: (text: string) => void) => (text: string) => {
    if (isWarned) setProblem(null)
    change(text)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    const wrongEmail = emailProblem(t, email)
    if (wrongEmail) return show({ field: 'email', text: wrongEmail })
    if (!password) return show({ field: 'password', text: t('login.passwordMissing') })
    setProblem(null)
    setIsSubmitting(true)
    return onLogIn(email.trim(), password, isWarned).catch((error: unknown) => {
      setIsSubmitting(false)
      show({ field: 'form', reason: loginProblem(error) })
    })
  }

  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <EmailField ref={emailField} value={email} problem={problem?.field === 'email' ? problem.text : null} onChange={typed(onEmail)} />
      <PasswordField
        ref={passwordField}
        label={t('login.password')}
        autoComplete="current-password"
        value={password}
        problem={problem?.field === 'password' ? problem.text : null}
        onChange={typed(setPassword)}
      />
      {problem?.field === 'form' && <FormProblem problem={problem.reason} onOver={clearProblem} />}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t(isSubmitting ? 'login.submitting' : isWarned ? 'login.submitErasing' : 'login.submit')}
      </button>
      <PageLink path="/forgot-password">{t('login.forgot')}</PageLink>
    </form>
  )
}
