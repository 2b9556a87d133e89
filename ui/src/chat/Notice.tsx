import { X } from 'lucide-react'
import { useTranslation } from '../i18n/useTranslation'
import { addLaterTexts } from '../i18n/later'
import { errorText } from '../i18n/errorText'
import type { ChatNotice } from './state/chatState'

addLaterTexts()

export interface NoticeProps {
  /** An error that belongs to no message. */
  notice: ChatNotice
  onClose: () => void
}

const undone = { delete: 'message.notDeleted', react: 'message.notReacted', pin: 'message.notPinned' } as const

/** Shown over both panes: a phone shows only the list or a conversation. */
export function Notice({ notice, onClose }: NoticeProps) {
  const { t } = useTranslation()
  const reason = errorText(t, notice.code)
  return (
    <div className="notice" role="alert">
      <span>{notice.undone ? t(undone[notice.undone], { reason }) : reason}</span>
      <button type="button" className="icon-button is-small" aria-label={t('create.close')} onClick={onClose}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
