import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'

/** Takes files that are dropped on it, or chosen with its button. */
export function DropZone({ isDisabled, onFiles }: { isDisabled: boolean; onFiles: (files: File[]) => void }) {
  const t = useAdminTexts()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const hover = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setIsOver(!isDisabled)
  }
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])]
    if (files.length > 0 && !isDisabled) onFiles(files)
  }
  return (
    <div
      className={`drop${isOver ? ' is-over' : ''}`}
      onDragEnter={hover}
      onDragOver={hover}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <FileUp size={32} strokeWidth={1.5} aria-hidden="true" />
      <p className="drop-title">{t(isOver ? 'import.dropNow' : 'import.drop')}</p>
      <button type="button" className="button" disabled={isDisabled} onClick={() => input.current?.click()}>
        {t('import.choose')}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".csv,.tsv,.txt,.xml,.zip"
        aria-label={t('import.choose')}
        onChange={(event) => {
          take(event.target.files)
          // So that the same file can be chosen again.
          event.target.value = ''
        }}
      />
      <p className="field-hint">{t('import.formats')}</p>
    </div>
  )
}
