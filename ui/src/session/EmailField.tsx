import type { TFunction } from 'i18next'
import { type Ref, useId } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'

addLaterTexts()

interface EmailFieldProps {
  /** "E-mail address" unless said otherwise. */
  label?: string
  hint?: string
  autoComplete?: 'username' | 'email'
  value: string
  problem: string | null
  ref?: Ref<HTMLInputElement>
  onChange: (value: string) => void
}

export function EmailField({ label, hint, autoComplete = 'username', value, problem, ref, onChange }: EmailFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label ?? t('password.email')}</label>
      <input
        ref={ref}
        id={id}
        type="email"
        name="email"
        dir="ltr"
        autoComplete={autoComplete}
        autoCapitalize="none"
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

/** What is wrong with an address, checked before a request. */
export function emailProblem(t: TFunction, email: string): string | null {
  if (!email.trim()) return t('password.emailMissing')
  return /^\S+@\S+$/.test(email.trim()) ? null : t('password.emailInvalid')
}
