import { BellOff, CircleAlert, Pin } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { shortName } from '../../i18n/personName'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import { shortText } from '../../i18n/time'
import { excerpt } from '../../lib/text'
import { Avatar } from '../../parts/Avatar'
import { PersonDescription } from '../../parts/PersonDetail'
import { PlainText } from '../../parts/PlainText'
import type { Conversation, Id } from '../../protocol/resources'
import { FileSummary, type FileSummaryProps } from '../files/parts'
import { MessageState } from '../messages/MessageState'
import type { Outgoing } from '../state/chatState'
import { conversationName, isUnread, othersOf, participantOf, statusOf } from '../state/conversations'
import { deletedText } from '../state/deletedText'

export interface ConversationItemProps {
  conversation: Conversation
  /** The viewer, who isn't named. */
  userId: Id
  isSelected: boolean
  /** The text about who is typing in it; empty for nobody. */
  typing: string
  /** The draft; empty or absent for none. */
  draft?: string
  /** The last unconfirmed message. */
  written?: Pick<Outgoing, 'content' | 'files' | 'delivery'> | undefined
  /** How many of the user's messages were refused. */
  unsent?: number
  onSelect: (conversationId: Id) => void
}

/** One line of the list: name, time, who it is, last message, unread count. */
export const ConversationItem = memo(function ConversationItem(props: ConversationItemProps) {
  const { conversation, userId, isSelected, typing, draft = '', written, unsent = 0, onSelect } = props
  const { t, i18n } = useTranslation()
  const today = useToday()
  const isGroup = conversation.kind === 'group'
  const other = othersOf(conversation, userId)[0]
  const name = conversationName(conversation, userId) || t(isGroup ? 'chat.emptyGroup' : 'chat.unknown')
  const unread = conversation.unread_count
  return (
    <button
      type="button"
      className={`conversation${isUnread(conversation) ? ' is-unread' : ''}`}
      aria-current={isSelected ? 'true' : undefined}
      data-conversation={conversation.conversation_id}
      onClick={() => {
        onSelect(conversation.conversation_id)
      }}
    >
      <Avatar id={isGroup ? conversation.conversation_id : (other?.id ?? 0)} name={name} isGroup={isGroup} />
      <span className="conversation-body">
        <span className="conversation-line">
          <span className="conversation-title">
            <span className="conversation-name" dir="auto">{name}</span>
            <span className="conversation-role">
              {isGroup ? t('chat.people', { count: conversation.participant_count }) : other && <PersonDescription person={other} />}
            </span>
          </span>
          {conversation.pinned && (
            <span className="conversation-muted" title={t('list.pinned')}>
              <Pin size={14} aria-hidden="true" />
              <span className="visually-hidden">{t('list.pinned')}</span>
            </span>
          )}
          <time className="conversation-time" dateTime={conversation.updated_at}>
            {shortText(i18n.language, new Date(conversation.updated_at), today, t('list.yesterday'))}
          </time>
        </span>
        <span className="conversation-line">
          <span className={`conversation-preview${typing ? ' is-typing' : ''}`}>
            {typing ? <bdi dir={i18n.dir()}>{typing}</bdi> : draft ? <Draft text={draft} /> : <LastMessage conversation={conversation} userId={userId} written={written} />}
          </span>
          {unsent > 0 && <Unsent count={unsent} />}
          {conversation.muted && (
            <span className="conversation-muted" title={t('list.muted')}>
              <BellOff size={14} aria-hidden="true" />
              <span className="visually-hidden">{t('list.muted')}</span>
            </span>
          )}
          {unread === 0 && conversation.marked_unread && (
            <span className={`badge is-dot${conversation.muted ? ' is-muted' : ''}`}>
              <span className="visually-hidden">{t('list.markedUnread')}</span>
            </span>
          )}
          {unread > 0 && (
            <span className={`badge${conversation.muted ? ' is-muted' : ''}`}>
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span className="visually-hidden">{t('list.unread', { count: unread })}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  )
})

function Draft({ text }: { text: string }) {
  const { t } = useTranslation()
  return <Words text={text} lead={<span className="conversation-who is-draft">{t('list.draft')} </span>} />
}

function LastMessage({ conversation, userId, written }: Pick<ConversationItemProps, 'conversation' | 'userId' | 'written'>) {
  const { t } = useTranslation()
  const message = conversation.last_message
  if (written) {
    return (
      <>
        <MessageState state={written.delivery.status} hasTitle={false} />
        <Words text={written.content} files={written.files} lead={<span className="conversation-who">{t('list.you')} </span>} />
      </>
    )
  }
  if (!message) return <bdi>{t('list.noMessage')}</bdi>
  const sender = conversation.kind === 'group' ? participantOf(conversation, message.sender_id) : undefined
  const isOwn = message.sender_id === userId
  const who = isOwn ? t('list.you') : sender && t('list.by', { name: shortName(sender) })
  return (
    <>
      {isOwn && !message.deleted && <MessageState state={statusOf(message, conversation)} hasTitle={false} />}
      <Words text={message.deleted ? deletedText(t, message) : message.content} files={message.attachments} lead={who && <span className="conversation-who">{who} </span>} />
    </>
  )
}

/** A text in its own direction, beside its author: whatever the page's direction, it is cut at its end. */
function Words({ lead, text, files }: { lead: ReactNode; text: string; files?: FileSummaryProps['files'] | undefined }) {
  return (
    <>
      {lead}
      <bdi>
        {!text && files?.length ? <FileSummary files={files} /> : <PlainText text={excerpt(text.replace(/\s+/g, ' '), 140)} />}
      </bdi>
    </>
  )
}

function Unsent({ count }: { count: number }) {
  const { t } = useTranslation()
  return (
    <span className="conversation-unsent" title={t('list.unsent', { count })}>
      <CircleAlert size={16} aria-hidden="true" />
      <span className="visually-hidden">{t('list.unsent', { count })}</span>
    </span>
  )
}
