import { X } from 'lucide-react'
import type { ReactNode } from 'react'

interface ComposerContextProps {
  icon: ReactNode
  title: string
  text: string
  cancelLabel: string
  onCancel: () => void
}

/** Above the field: the message that one answers or corrects. */
export function ComposerContext({ icon, title, text, cancelLabel, onCancel }: ComposerContextProps) {
  return (
    <div className="composer-context">
      {icon}
      <span className="composer-context-body">
        <strong>{title}</strong>
        <span dir="auto">{text}</span>
      </span>
      <button type="button" className="icon-button is-small" aria-label={cancelLabel} title={cancelLabel} onClick={onCancel}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
