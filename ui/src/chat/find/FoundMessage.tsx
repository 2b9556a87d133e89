import { memo } from 'react'
import { shortText } from '../../i18n/time'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import { Avatar } from '../../parts/Avatar'
import { PlainText } from '../../parts/PlainText'
import type { FoundMessage as Found } from '../../protocol/found'
import type { Conversation, Id } from '../../protocol/resources'
import { FileSummary } from '../files/parts'
import { conversationName, othersOf } from '../state/conversations'
import { senderText } from '../state/senderText'

interface FoundMessageProps {
  found: Found
  /** Absent until it is loaded. */
  conversation: Conversation | undefined
  userId: Id
  /** Whether it is the one that is shown. */
  isCurrent: boolean
  onOpen: (conversationId: Id, messageId: Id) => void
}

/** One result: where it was written, when and by whom, and the words around those that were searched. */
export const FoundMessage = memo(function FoundMessage({ found, conversation, userId, isCurrent, onOpen }: FoundMessageProps) {
  const { t, i18n } = useTranslation()
  const today = useToday()
  const { message, snippet } = found
  const isGroup = conversation?.kind === 'group'
  const other = conversation && othersOf(conversation, userId)[0]
  const name = (conversation && conversationName(conversation, userId)) || t(isGroup ? 'chat.emptyGroup' : 'chat.unknown')
  const isOwn = message.sender_id === userId
  // Between two people, the conversation has the other's name already.
  const isNamed = !isOwn && !isGroup && other?.id === message.sender_id
  return (
    <button
      type="button"
      className="conversation is-found"
      aria-current={isCurrent ? 'true' : undefined}
      data-found={message.id}
      onClick={() => {
        onOpen(found.conversation_id, message.id)
      }}
    >
      <Avatar id={isGroup ? found.conversation_id : (other?.id ?? 0)} name={name} isGroup={isGroup} />
      <span className="conversation-body">
        <span className="conversation-line">
          <span className="conversation-name" dir="auto">{name}</span>
          <time className="conversation-time" dateTime={message.timestamp}>
            {shortText(i18n.language, new Date(message.timestamp), today, t('list.yesterday'))}
          </time>
        </span>
        {!isNamed && <span className="found-sender" dir="auto">{isOwn ? t('message.you') : senderText(t, conversation, message.sender_id)}</span>}
        <span className="found-text" dir="auto">
          {snippet.length === 0 && message.attachments && <FileSummary files={message.attachments} />}
          {snippet.map((part, index) =>
            part.match ? (
              <mark key={index}>
                <PlainText text={part.text} />
              </mark>
            ) : (
              <PlainText key={index} text={part.text} />
            ),
          )}
        </span>
      </span>
    </button>
  )
})
