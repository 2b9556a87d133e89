import { type FormEvent, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { PageLink } from '../parts/PageLink'
import { FormProblem } from './FormProblem'
import { IdentityField } from './IdentityField'
import { type LoginProblem, loginProblem } from './loginError'
import { PasswordField } from './PasswordField'

addLaterTexts()

type Problem = { field: 'identity' | 'password'; text: string } | { field: 'form'; reason: LoginProblem }

interface LoginFormProps {
  /** An address or a username. */
  identity: string
  onIdentity: (identity: string) => void
  onLogIn: (identity: string, password: string, erasesUnsent: boolean) => Promise<void>
}

export function LoginForm({ identity, onIdentity, onLogIn }: LoginFormProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const identityField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)

  const begin = useEffectEvent(() => {
    const field = identity ? passwordField : identityField
    field.current?.focus()
  })
  useEffect(() => {
    begin()
  }, [])
  const show = (next: Problem) => {
    setProblem(next)
    const field = next.field === 'identity' ? identityField : passwordField
    field.current?.focus()
  }
  const clearProblem = useCallback(() => {
    setProblem(null)
  }, [])

  // After the warning the same button confirms; after a change of either field there is a warning again.
  const isWarned = problem?.field === 'form' && problem.reason.kind === 'unsent'
  const typed = (change: (text: string) => void) => (text: string) => {
    if (isWarned) setProblem(null)
    change(text)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (!identity.trim()) return show({ field: 'identity', text: t('login.identityMissing') })
    if (!password) return show({ field: 'password', text: t('login.passwordMissing') })
    setProblem(null)
    setIsSubmitting(true)
    return onLogIn(identity.trim(), password, isWarned).catch((error: unknown) => {
      setIsSubmitting(false)
      show({ field: 'form', reason: loginProblem(error) })
    })
  }

  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <IdentityField
        ref={identityField}
        value={identity}
        problem={problem?.field === 'identity' ? problem.text : null}
        onChange={typed(onIdentity)}
      />
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
