import { type FormEvent, type RefObject, useCallback, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { FormProblem } from './FormProblem'
import { type LoginProblem, loginProblem } from './loginError'
import { PasswordField } from './PasswordField'

addLaterTexts()

interface PasswordFormProps {
  /** What the person logs in with, for password managers only. */
  identity: string
  ref: RefObject<HTMLInputElement | null>
  /** Rejects with the server's error. */
  onSubmit: (password: string) => Promise<void>
}

/** Asks a known person only for their password. */
export function PasswordForm({ identity, ref, onSubmit }: PasswordFormProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<{ text: string } | { reason: LoginProblem } | null>(null)

  const show = (next: { text: string } | { reason: LoginProblem }) => {
    setProblem(next)
    ref.current?.focus()
    ref.current?.select()
  }
  const clearProblem = useCallback(() => {
    setProblem(null)
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (!password) return show({ text: t('login.passwordMissing') })
    setProblem(null)
    setIsSubmitting(true)
    return onSubmit(password).catch((error: unknown) => {
      setIsSubmitting(false)
      const reason = loginProblem(error)
      show(reason.kind === 'wrong' ? { text: t('session.wrong') } : { reason })
    })
  }

  return (
    <form className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <input type="text" name="username" autoComplete="username" value={identity} readOnly hidden />
      <PasswordField
        ref={ref}
        label={t('login.password')}
        autoComplete="current-password"
        value={password}
        problem={problem && 'text' in problem ? problem.text : null}
        onChange={setPassword}
      />
      {problem && 'reason' in problem && <FormProblem problem={problem.reason} onOver={clearProblem} />}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t(isSubmitting ? 'login.submitting' : 'session.submit')}
      </button>
    </form>
  )
}
