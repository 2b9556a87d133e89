import { X } from 'lucide-react'
import { useTranslation } from '../i18n/useTranslation'
import { errorText } from '../i18n/errorText'

interface NoticeProps {
  /** What was refused and belongs to no message. */
  code: string
  onClose: () => void
}

/** Over whatever is on the screen: a phone shows the list or a conversation. */
export function Notice({ code, onClose }: NoticeProps) {
  const { t } = useTranslation()
  return (
    <div className="notice" role="alert">
      <span>{errorText(t, code)}</span>
      <button type="button" className="icon-button is-small" aria-label={t('create.close')} onClick={onClose}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
