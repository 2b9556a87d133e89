import { useTranslation } from 'react-i18next'
import { errorText } from '../i18n/errorText'
import type { Conversation, Id, Message } from '../protocol'
import { fullName, statusOf } from './conversations'
import { MessageBubble, type Quote } from './MessageBubble'
import type { MessageListProps } from './MessageList'
import { type MessageAction, MessageMenu } from './MessageMenu'
import type { Row } from './messageRows'

const ownActions = ['reply', 'copy', 'edit', 'delete'] as const
const otherActions = ['reply', 'copy'] as const

type MessageRowProps = MessageListProps & { row: Exclude<Row, { kind: 'day' }> }

/** One bubble, of a message that is stored or of one that is still ours alone. */
export function MessageRow(props: MessageRowProps) {
  return props.row.kind === 'message' ? (
    <StoredRow {...props} row={props.row} />
  ) : (
    <OutgoingRow {...props} row={props.row} />
  )
}

function StoredRow({ row, ...props }: MessageRowProps & { row: Extract<Row, { kind: 'message' }> }) {
  const { conversation, userId } = props
  const { message } = row
  const { t } = useTranslation()
  const isOwn = message.sender_id === userId
  const act = (action: MessageAction) => {
    props.onAction(message.id, action)
  }
  return (
    <MessageBubble
      content={message.content}
      timestamp={message.timestamp}
      senderName={isOwn ? null : senderName(conversation, message.sender_id) ?? t('chat.unknown')}
      showsName={conversation.kind === 'group'}
      isFirst={row.isFirst}
      isLast={row.isLast}
      isEdited={message.edited_at !== null}
      isDeleted={message.deleted}
      state={isOwn ? statusOf(message, conversation) : null}
      quote={useQuote(props, message.reply_to)}
      actions={message.deleted ? null : <MessageMenu actions={isOwn ? ownActions : otherActions} onAction={act} />}
    />
  )
}

function OutgoingRow({ row, ...props }: MessageRowProps & { row: Extract<Row, { kind: 'outgoing' }> }) {
  const { outgoing } = row
  return (
    <MessageBubble
      content={outgoing.content}
      timestamp={outgoing.createdAt}
      senderName={null}
      showsName={false}
      isFirst={row.isFirst}
      isLast={row.isLast}
      isEdited={false}
      isDeleted={false}
      state={outgoing.delivery.status}
      quote={useQuote(props, outgoing.replyTo)}
    >
      {outgoing.delivery.status === 'failed' && (
        <Failure
          code={outgoing.delivery.code}
          onRetry={() => {
            props.onRetry(outgoing.clientId)
          }}
          onRewrite={() => {
            props.onRewrite(outgoing.clientId)
          }}
        />
      )}
    </MessageBubble>
  )
}

function Failure({ code, onRetry, onRewrite }: { code: string; onRetry: () => void; onRewrite: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="failure" role="alert">
      <span>{t('message.failed', { reason: errorText(t, code) })}</span>
      <button type="button" className="text-button" onClick={onRetry}>
        {t('message.retry')}
      </button>
      <button type="button" className="text-button" onClick={onRewrite}>
        {t('message.edit')}
      </button>
    </div>
  )
}

function useQuote({ thread, conversation, userId }: Omit<MessageListProps, 'row'>, replyTo: Id | null): Quote | null {
  const { t } = useTranslation()
  if (replyTo === null) return null
  const quoted: Message | undefined = thread.messages.find((message) => message.id === replyTo)
  if (!quoted) return { name: null, spoken: t('message.quoteUnknown'), text: '' }
  const text = quoted.deleted ? t('message.deleted') : quoted.content.slice(0, 200)
  if (quoted.sender_id === userId) return { name: t('message.you'), spoken: t('message.quoteOwn'), text }
  const name = senderName(conversation, quoted.sender_id) ?? t('chat.unknown')
  return { name, spoken: t('message.quote', { name }), text }
}

export function senderName(conversation: Conversation, senderId: Id): string | null {
  const sender = conversation.participants.find((user) => user.id === senderId)
  return sender ? fullName(sender) : null
}
