import type { TFunction } from 'i18next'
import type { Ref } from 'react'
import { useTranslation } from '../i18n/useTranslation'

interface EmailFieldProps {
  value: string
  problem: string | null
  ref: Ref<HTMLInputElement>
  onChange: (value: string) => void
}

export function EmailField({ value, problem, ref, onChange }: EmailFieldProps) {
  const { t } = useTranslation()
  return (
    <div className="field">
      <label htmlFor="login-email">{t('login.email')}</label>
      <input
        ref={ref}
        id="login-email"
        type="email"
        name="email"
        dir="ltr"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby="login-email-error"
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
      <p id="login-email-error" className="field-error">
        {problem}
      </p>
    </div>
  )
}

/** What is wrong with an address, checked before a request. */
export function emailProblem(t: TFunction, email: string): string | null {
  if (!email.trim()) return t('login.emailMissing')
  return /^\S+@\S+$/.test(email.trim()) ? null : t('login.emailInvalid')
}
