import { useRef } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { Modal } from './Modal'

export interface ConfirmDialogProps {
  title: string
  text: string
  /** What is done, as its button says it. */
  action: string
  /** What has the focus once it is done; the place one came from where nothing is said. */
  focusAfter?: () => HTMLElement | null
  onConfirm: () => void
  onClose: () => void
}

/** Asks before what can't be undone; the harmless answer has the focus. */
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
