import { useRef } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { Modal } from './Modal'

addLaterTexts()

export interface ConfirmDialogProps {
  title: string
  text: string
  /** The label of the button that confirms. */
  action: string
  /** The element that gets the focus afterwards; by default the one that had it before. */
  focusAfter?: () => HTMLElement | null
  onConfirm: () => void
  onClose: () => void
}

/** Asks for confirmation before an irreversible action; the harmless button has the focus. */
export function ConfirmDialog({ title, text, action, focusAfter, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation()
  const cancel = useRef<HTMLButtonElement>(null)
  const isConfirmed = useRef(false)
  return (
    <Modal
      title={title}
      firstFocus={cancel}
      lastFocus={() => (isConfirmed.current && focusAfter?.()) || true}
      onClose={onClose}
    >
      <p className="modal-text">{text}</p>
      <footer className="modal-footer">
        <button ref={cancel} type="button" className="button" onClick={onClose}>
          {t('message.cancel')}
        </button>
        <button
          type="button"
          className="button is-danger"
          onClick={() => {
            isConfirmed.current = true
            onConfirm()
          }}
        >
          {action}
        </button>
      </footer>
    </Modal>
  )
}
