import { type Ref, useId } from 'react'

interface CodeFieldProps {
  label: string
  /** A code on paper has letters; that of an app has digits, which browsers and password managers can fill in. */
  isRecovery?: boolean
  value: string
  problem: string | null
  ref?: Ref<HTMLInputElement>
  onChange: (value: string) => void
}

/** A code of the authenticator app, or a recovery code; left-to-right in every language, as they are shown. */
export function CodeField({ label, isRecovery = false, value, problem, ref, onChange }: CodeFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={ref}
        id={id}
        className="access-code"
        type="text"
        name={isRecovery ? 'recovery-code' : 'one-time-code'}
        dir="ltr"
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete={isRecovery ? 'off' : 'one-time-code'}
        autoCapitalize={isRecovery ? 'characters' : 'none'}
        autoCorrect="off"
        spellCheck={false}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-error`}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
      <p id={`${id}-error`} className="field-error">
        {problem}
      </p>
    </div>
  )
}
