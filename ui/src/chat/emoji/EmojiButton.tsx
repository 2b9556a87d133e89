import { Smile } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import type { Id } from '../../protocol/resources'
import { ComposerEmoji } from './parts'

/** Beside the field of a form, into which the chosen emoji is inserted. */
export function EmojiButton({ userId }: { userId: Id }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const label = t('composer.emoji')
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={label}
        title={label}
        onClick={() => {
          setIsOpen(!isOpen)
        }}
      >
        <Smile size={20} aria-hidden="true" />
      </button>
      {isOpen && (
        <ComposerEmoji
          userId={userId}
          button={button}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}
