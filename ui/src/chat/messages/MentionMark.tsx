import './mention.css'
import { AtSign } from 'lucide-react'
import { useMessageTexts } from '../../i18n/message/texts'

/** Beside the time of a message that mentions the user; its bubble is highlighted. */
export function MentionMark() {
  const t = useMessageTexts()
  return (
    <span className="mention-mark" title={t('mention.you')}>
      <AtSign size={14} aria-hidden="true" />
      <span className="visually-hidden">{t('mention.you')}</span>
    </span>
  )
}
