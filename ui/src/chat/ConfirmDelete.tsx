import { useTranslation } from 'react-i18next'
import { Modal } from './Modal'

/** Deleting can't be undone: it asks first. */
export function ConfirmDelete({ onConfirm, onClose }: { onConfirm: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal title={t('message.deleteTitle')} onClose={onClose}>
      <p className="modal-text">{t('message.deleteText')}</p>
      <footer className="modal-footer">
        <button type="button" className="button" onClick={onClose}>
          {t('message.cancel')}
        </button>
        <button type="button" className="button is-danger" onClick={onConfirm}>
          {t('message.delete')}
        </button>
      </footer>
    </Modal>
  )
}
