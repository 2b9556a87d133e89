import { type FormEvent, useCallback, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import type { Welcome } from '../actions/rosterAction'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { useWelcomeTexts } from '../i18n/welcome/texts'
import { EmailField, emailProblem } from './EmailField'
import { FormProblem } from './FormProblem'
import { type Invitation, plainCode } from './invitation'
import { type LoginProblem, requestProblem } from './loginError'
import { PasswordField } from './PasswordField'
import { fieldErrors, passwordRefusal, shortestPassword } from './passwordRules'

addLaterTexts()

type Field = 'username' | 'code' | 'password' | 'email'
type Problem = { field: Field; text: string } | { field: 'form'; reason: LoginProblem }

interface WelcomeFormProps {
  invitation: Invitation
  /** Rejects with the server's error. */
  onSubmit: (fields: Welcome) => Promise<void>
}

export function WelcomeForm({ invitation, onSubmit }: WelcomeFormProps) {
  const { t: common } = useTranslation()
  const t = useWelcomeTexts()
  const [values, setValues] = useState<Record<Field, string>>({ ...invitation, password: '', email: '' })
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const focus = (field: Field) => form.current?.querySelector<HTMLInputElement>(`[name="${field === 'password' ? 'new-password' : field}"]`)?.focus()

  const begin = useEffectEvent(() => {
    const { username, code } = values
    focus(!username ? 'username' : !code ? 'code' : 'password')
  })
  useEffect(() => {
    begin()
  }, [])
  const problemOf = (field: Field) => (problem?.field === field ? problem.text : null)
  const change = (field: Field) => (value: string) => {
    setValues((before) => ({ ...before, [field]: value }))
  }
  const show = (field: Field, text: string) => {
    setProblem({ field, text })
    focus(field)
  }
  const clearProblem = useCallback(() => {
    setProblem(null)
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    const username = values.username.trim()
    const code = plainCode(values.code)
    const { password } = values
    const email = values.email.trim()
    if (!username) return show('username', t('usernameMissing'))
    if (!code) return show('code', t('codeMissing'))
    if (password.length < shortestPassword) return show('password', common('password.tooShort'))
    const wrongEmail = email && emailProblem(common, email)
    if (wrongEmail) return show('email', wrongEmail)
    setProblem(null)
    setIsSubmitting(true)
    return onSubmit({ username, code, password, ...(email ? { email } : {}) }).catch((error: unknown) => {
      setIsSubmitting(false)
      const data = fieldErrors(error)
      if (errorCode(error) === 'invalid_access_code') show('code', t('codeInvalid'))
      else if ('password' in data) show('password', common(passwordRefusal(data.password)))
      else if ('email' in data) show('email', t('emailRefused'))
      else setProblem({ field: 'form', reason: requestProblem(error) })
    })
  }

  return (
    <form ref={form} className="login-form" noValidate onSubmit={(event) => void submit(event)}>
      <LetterField name="username" label={t('username')} value={values.username} problem={problemOf('username')} onChange={change('username')} />
      <LetterField name="code" label={t('code')} hint={t('codeHint')} value={values.code} problem={problemOf('code')} onChange={change('code')} />
      <PasswordField
        label={t('password')}
        autoComplete="new-password"
        value={values.password}
        problem={problemOf('password')}
        hint={common('password.rule')}
        onChange={change('password')}
      />
      <EmailField
        label={t('email')}
        hint={t('emailHint')}
        autoComplete="email"
        value={values.email}
        problem={problemOf('email')}
        onChange={change('email')}
      />
      {problem?.field === 'form' &&
        (problem.reason.kind === 'code' && problem.reason.code === 'network' ? (
          <p className="alert" role="alert">
            {t('offline')}
          </p>
        ) : (
          <FormProblem problem={problem.reason} onOver={clearProblem} />
        ))}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {isSubmitting ? common('login.submitting') : t('submit')}
      </button>
    </form>
  )
}

interface LetterFieldProps {
  name: 'username' | 'code'
  label: string
  hint?: string
  value: string
  problem: string | null
  onChange: (value: string) => void
}

/** Something to copy from the letter; left-to-right in every language, as it is printed. */
function LetterField({ name, label, hint, value, problem, onChange }: LetterFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={name === 'code' ? 'access-code' : undefined}
        type="text"
        name={name}
        dir="ltr"
        autoComplete={name === 'code' ? 'off' : 'username'}
        autoCapitalize={name === 'code' ? 'characters' : 'none'}
        autoCorrect="off"
        spellCheck={false}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={hint ? `${id}-error ${id}-hint` : `${id}-error`}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
      <p id={`${id}-error`} className="field-error">
        {problem}
      </p>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
