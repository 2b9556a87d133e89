import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { FileSummary } from '../files/parts'
import { conversationName } from '../state/conversations'
import type { News } from '../state/chatState'
import { newsKey } from '../state/news'
import { senderText } from '../state/senderText'

interface AnnouncerProps {
  userId: Id
  heard: News[]
  conversations: Record<Id, Conversation>
}

/**
 * Announces each incoming message once, with its group, independently of the selection: otherwise a change of
 * the selection would announce it again. The visible list isn't a live region: scrolling in it isn't news.
 */
export function Announcer({ userId, heard, conversations }: AnnouncerProps) {
  const { t } = useTranslation()
  const spoken = (message: Message) => {
    const { content, attachments = [] } = message
    return content || attachments.length === 0 ? said(message, content) : <FileSummary files={attachments}>{(summary) => said(message, summary)}</FileSummary>
  }
  const said = ({ conversation_id: id, sender_id: sender }: Message, text: string) => {
    const conversation = conversations[id]
    const name = senderText(t, conversation, sender)
    if (conversation?.kind !== 'group') return t('message.announce', { name, text })
    return t('message.announceIn', { name, group: conversationName(conversation, userId) || t('chat.emptyGroup'), text })
  }
  return (
    <div role="log" aria-label={t('message.newBelow')} className="visually-hidden">
      {heard.map((news) => (
        <p key={newsKey(news)}>
          {news.kind === 'message'
            ? spoken(news.message)
            : t('message.newCount', { count: news.missed.reduce((sum, one) => sum + one.count, 0) })}
        </p>
      ))}
    </div>
  )
}
