import { ClipboardPaste } from 'lucide-react'
import { useId, useState } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'

/** Cells copied from a spreadsheet: lines with tabs. */
export function PasteTable({ onTable }: { onTable: (text: string) => void }) {
  const t = useAdminTexts()
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const add = () => {
    const lines = text.split(/\r\n?|\n/).filter((line) => line.trim())
    setIsWrong(lines.length < 2)
    if (lines.length < 2) return
    onTable(`${lines.join('\n')}\n`)
    setText('')
    setIsOpen(false)
  }
  return (
    <div className="paste">
      <button
        type="button"
        className="text-button"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen)
        }}
      >
        <ClipboardPaste size={16} aria-hidden="true" />
        {t('import.paste')}
      </button>
      {isOpen && (
        <div className="field">
          <label htmlFor={id}>{t('import.pasteLabel')}</label>
          <textarea
            id={id}
            rows={6}
            wrap="off"
            spellCheck={false}
            value={text}
            aria-invalid={isWrong ? true : undefined}
            aria-describedby={`${id}-error`}
            onChange={(event) => {
              setText(event.target.value)
              setIsWrong(false)
            }}
          />
          <p id={`${id}-error`} className="field-error" role="alert">
            {isWrong && t('import.pasteTitleRow')}
          </p>
          <button type="button" className="button" onClick={add}>
            {t('import.pasteAdd')}
          </button>
        </div>
      )}
    </div>
  )
}
