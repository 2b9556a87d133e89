import { Eye, EyeOff } from 'lucide-react'
import { type KeyboardEvent, type Ref, useId, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'

addLaterTexts()

interface PasswordFieldProps {
  label: string
  autoComplete: 'current-password' | 'new-password'
  value: string
  /** The error. */
  problem: string | null
  hint?: string
  ref?: Ref<HTMLInputElement>
  onChange: (value: string) => void
}

/** A password field that can show the password and warns when Caps Lock is on. */
export function PasswordField({ label, autoComplete, value, problem, hint, ref, onChange }: PasswordFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const [isShown, setIsShown] = useState(false)
  const [isCapsLock, setIsCapsLock] = useState(false)
  const watchCapsLock = (event: KeyboardEvent) => {
    setIsCapsLock(event.getModifierState('CapsLock'))
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {/* In every language passwords are left-to-right, with the button at their end. */}
      <div className="field-with-button" dir="ltr">
        <input
          ref={ref}
          id={id}
          type={isShown ? 'text' : 'password'}
          name={autoComplete}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          aria-invalid={problem ? true : undefined}
          aria-describedby={hint ? `${id}-error ${id}-hint` : `${id}-error`}
          onKeyDown={watchCapsLock}
          onKeyUp={watchCapsLock}
          onBlur={() => {
            setIsCapsLock(false)
          }}
          onChange={(event) => {
            onChange(event.target.value)
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
      <p id={`${id}-error`} className="field-error">
        {problem}
      </p>
      <p className="field-warning" aria-live="polite">
        {isCapsLock && t('login.capsLock')}
      </p>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
