import { useTranslation } from '../i18n/useTranslation'
import type { Conversation, Id, Message } from '../protocol'
import { senderName } from './MessageRow'

interface AnnouncerProps {
  heard: Message[]
  conversations: Record<Id, Conversation>
}

/** Speaks each message that comes in, once. The visible list is silent: scrolling back in it is no news. */
export function Announcer({ heard, conversations }: AnnouncerProps) {
  const { t } = useTranslation()
  return (
    <div role="log" aria-label={t('message.newBelow')} className="visually-hidden">
      {heard.map((message) => {
        const conversation = conversations[message.conversation_id]
        if (conversation?.muted) return null
        const name = (conversation && senderName(conversation, message.sender_id)) ?? t('chat.unknown')
        return <p key={message.id}>{t('message.announce', { name, text: message.content })}</p>
      })}
    </div>
  )
}
