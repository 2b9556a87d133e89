import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { excerpt } from '../../lib/text'
import { PlainText } from '../../parts/PlainText'

interface ComposerContextProps {
  icon: ReactNode
  title: string
  text: string
  cancelLabel: string
  onCancel: () => void
}

/** Shown above the field: the message that is replied to or edited. */
export function ComposerContext({ icon, title, text, cancelLabel, onCancel }: ComposerContextProps) {
  return (
    <div className="composer-context">
      {icon}
      <span className="composer-context-body">
        <strong>{title}</strong>
        <span dir="auto">
          <PlainText text={excerpt(text, 200)} />
        </span>
      </span>
      <button type="button" className="icon-button is-small" aria-label={cancelLabel} title={cancelLabel} onClick={onCancel}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
