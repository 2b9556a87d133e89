import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { excerpt } from '../../lib/text'
import { PlainText } from '../../parts/PlainText'
import { FileSummary, type FileSummaryProps } from '../files/parts'

interface ComposerContextProps {
  icon: ReactNode
  title: string
  text: string
  /** Stand for an empty text. */
  files?: FileSummaryProps['files'] | undefined
  cancelLabel: string
  onCancel: () => void
}

/** Shown above the field: the message that is replied to or edited. */
export function ComposerContext({ icon, title, text, files, cancelLabel, onCancel }: ComposerContextProps) {
  return (
    <div className="composer-context">
      {icon}
      <span className="composer-context-body">
        <strong>{title}</strong>
        <span dir="auto">
          {!text && files?.length ? <FileSummary files={files} /> : <PlainText text={excerpt(text, 200)} />}
        </span>
      </span>
      <button type="button" className="icon-button is-small" aria-label={cancelLabel} title={cancelLabel} onClick={onCancel}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
