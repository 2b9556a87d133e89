import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useSecurityTexts } from '../i18n/security/texts'
import { saveFile } from '../lib/saveFile'

/** The codes that replace a lost phone. They can't be shown again, so nobody goes on without having said that they kept them. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useSecurityTexts()
  const [isKept, setIsKept] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  return (
    <div className="login-form second-factor">
      <h3 ref={heading} tabIndex={-1}>
        {t('codesTitle')}
      </h3>
      <p>{t('codesText')}</p>
      <ul className="recovery-codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button"
        onClick={() => {
          saveFile([codes.join('\r\n'), '\r\n'], 'text/plain', t('codesFile'))
        }}
      >
        <Download size={16} aria-hidden="true" />
        {t('codesSave')}
      </button>
      <label className="option">
        <input
          type="checkbox"
          checked={isKept}
          onChange={(event) => {
            setIsKept(event.target.checked)
          }}
        />
        <span>{t('codesKept')}</span>
      </label>
      <button type="button" className="button is-primary is-large" disabled={!isKept} onClick={onDone}>
        {t('next')}
      </button>
    </div>
  )
}
