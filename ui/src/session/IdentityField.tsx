import type { Ref } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'

addLaterTexts()

interface IdentityFieldProps {
  value: string
  problem: string | null
  ref: Ref<HTMLInputElement>
  onChange: (value: string) => void
}

/** What people log in with: their address or, if they have none, the username that the school gave them. */
export function IdentityField({ value, problem, ref, onChange }: IdentityFieldProps) {
  const { t } = useTranslation()
  return (
    <div className="field">
      <label htmlFor="login-identity">{t('login.identity')}</label>
      <input
        ref={ref}
        id="login-identity"
        type="text"
        name="username"
        inputMode="email"
        dir="ltr"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby="login-identity-error"
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
      <p id="login-identity-error" className="field-error">
        {problem}
      </p>
    </div>
  )
}
