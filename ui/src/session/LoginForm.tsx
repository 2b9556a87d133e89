import { Eye, EyeOff } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loginError } from './loginError'

type Problem = { field: 'email' | 'password'; text: string } | { field: 'form'; text: string }

export function LoginForm({ onLogIn }: { onLogIn: (identity: string, password: string) => Promise<void> }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isShown, setIsShown] = useState(false)
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const emailField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)

  useEffect(() => {
    emailField.current?.focus()
  }, [])
  const show = (next: Problem) => {
    setProblem(next)
    const field = next.field === 'email' ? emailField : passwordField
    field.current?.focus()
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (!email.trim()) return show({ field: 'email', text: t('login.emailMissing') })
    if (!/^\S+@\S+$/.test(email.trim())) return show({ field: 'email', text: t('login.emailInvalid') })
    if (!password) return show({ field: 'password', text: t('login.passwordMissing') })
    setProblem(null)
    setIsSubmitting(true)
    return onLogIn(email.trim(), password).catch((error: unknown) => {
      setIsSubmitting(false)
      show({ field: 'form', text: loginError(t, error) })
    })
  }
  const textFor = (field: Problem['field']) => (problem?.field === field ? problem.text : null)

  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor="login-email">{t('login.email')}</label>
        <input
          ref={emailField}
          id="login-email"
          type="email"
          name="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          aria-invalid={textFor('email') ? true : undefined}
          aria-describedby="login-email-error"
          onChange={(event) => {
            setEmail(event.target.value)
          }}
        />
        <p id="login-email-error" className="field-error">
          {textFor('email')}
        </p>
      </div>
      <div className="field">
        <label htmlFor="login-password">{t('login.password')}</label>
        <div className="field-with-button">
          <input
            ref={passwordField}
            id="login-password"
            type={isShown ? 'text' : 'password'}
            name="password"
            autoComplete="current-password"
            autoCapitalize="none"
            spellCheck={false}
            value={password}
            aria-invalid={textFor('password') ? true : undefined}
            aria-describedby="login-password-error"
            onChange={(event) => {
              setPassword(event.target.value)
            }}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={t(isShown ? 'login.hidePassword' : 'login.showPassword')}
            onClick={() => {
              setIsShown(!isShown)
            }}
          >
            {isShown ? <EyeOff size={18} aria-hidden="true" /> : <Eye size={18} aria-hidden="true" />}
          </button>
        </div>
        <p id="login-password-error" className="field-error">
          {textFor('password')}
        </p>
      </div>
      {textFor('form') && (
        <p className="alert" role="alert">
          {textFor('form')}
        </p>
      )}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t(isSubmitting ? 'login.submitting' : 'login.submit')}
      </button>
    </form>
  )
}
