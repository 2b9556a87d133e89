import { LoaderCircle } from 'lucide-react'
import { useRef } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { Modal } from '../parts/Modal'

addLaterTexts()

/** The unsent texts of one conversation. */
export interface Unsent {
  key: string
  /** Empty if the conversation isn't loaded. */
  name: string
  messages: number
  drafts: number
}

export interface LeaveDialogProps {
  unsent: Unsent[]
  /** All of it is being sent or waits for a connection: nothing is lost by waiting. */
  goesByItself: boolean
  onLeave: () => void
  onStay: () => void
}

/** Shows what logging out would erase. The harmless button has the focus. */
export function LeaveDialog({ unsent, goesByItself, onLeave, onStay }: LeaveDialogProps) {
  const { t } = useTranslation()
  const stay = useRef<HTMLButtonElement>(null)
  return (
    <Modal title={t('leave.title')} firstFocus={stay} onClose={onStay}>
      <div className="modal-text leaving">
        <p>{t('leave.text')}</p>
        <ul>
          {unsent.map(({ key, name, messages, drafts }) => (
            <li key={key}>
              <strong dir="auto">{name || t('leave.elsewhere')}</strong>
              {messages > 0 && <span>{t('list.unsent', { count: messages })}</span>}
              {drafts > 0 && <span>{t('leave.drafts', { count: drafts })}</span>}
            </li>
          ))}
        </ul>
        {goesByItself && (
          <p className="leaving-wait" role="status">
            <LoaderCircle className="spinner" size={16} aria-hidden="true" />
            {t('leave.waiting')}
          </p>
        )}
      </div>
      <footer className="modal-footer">
        <button ref={stay} type="button" className="button" onClick={onStay}>
          {t('message.cancel')}
        </button>
        <button type="button" className="button is-danger" onClick={onLeave}>
          {t('leave.erase')}
        </button>
      </footer>
    </Modal>
  )
}
