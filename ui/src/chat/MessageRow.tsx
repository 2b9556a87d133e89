import { memo, type ReactNode, use, useMemo } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { errorText } from '../i18n/errorText'
import type { Conversation, Id, Message, User } from '../protocol'
import { fullName, othersOf, receiptOf, statusOf } from './conversations'
import type { Outgoing } from './chatState'
import { MessageBubble, type Quote } from './MessageBubble'
import type { MessageListProps, RowPlace } from './MessageList'
import { MessageMenu } from './MessageMenu'
import type { Row } from './messageRows'
import { mayBeChanged } from './outbox'
import { Readers } from './Readers'
import { RowTabIndex } from './useRowFocus'

const ownActions = ['reply', 'copy', 'edit', 'delete'] as const
const otherActions = ['reply', 'copy'] as const
const waitingActions = ['copy', 'edit', 'delete'] as const
const sendingActions = ['copy'] as const

type MessageRowProps = MessageListProps & {
  row: Extract<Row, { kind: 'message' | 'outgoing' }>
  measure: RowPlace['ref']
  index: number
  /** Goes to the message that another one answers. */
  onQuote: (messageId: Id) => void
}

/** One bubble, of a message that is stored or of one that is still ours alone. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  return props.row.kind === 'message' ? (
    <StoredRow {...props} row={props.row} />
  ) : (
    <OutgoingRow {...props} row={props.row} />
  )
})

function StoredRow({ row, ...props }: MessageRowProps & { row: Extract<Row, { kind: 'message' }> }) {
  const { conversation, userId } = props
  const { message } = row
  const { t } = useTranslation()
  const isOwn = message.sender_id === userId
  return (
    <MessageBubble
      message={message}
      measure={props.measure}
      index={props.index}
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
      actions={isOwn ? ownActions : otherActions}
      onAction={props.onAction}
      onQuote={props.onQuote}
    >
      {useReaders(props, message)}
    </MessageBubble>
  )
}

/** For our own messages in groups; the same element as long as it says the same: the bubble stays as it is. */
function useReaders({ conversation, thread, userId }: Pick<MessageListProps, 'conversation' | 'thread' | 'userId'>, message: Message): ReactNode {
  const people = conversation.kind === 'group' && message.sender_id === userId && !message.deleted ? othersOf(conversation, userId) : []
  const hasRead = (user: User, one: Message) => receiptOf(conversation, user.id).last_read >= one.id
  const next = people.length > 0 ? nextOfBlock(thread.messages, message) : undefined
  // Who has read a message has read those before: the last of a block speaks for as many as say the same.
  const isShown = !next || people.some((user) => hasRead(user, message) !== hasRead(user, next))
  const shown = isShown ? people : []
  const read = shown.filter((user) => hasRead(user, message)).map(fullName).join('\n')
  const others = shown.filter((user) => !hasRead(user, message)).map(fullName).join('\n')
  return useMemo(
    () => (read || others ? <Readers read={read ? read.split('\n') : []} others={others ? others.split('\n') : []} /> : null),
    [read, others],
  )
}

/** The next one that the same person wrote before anybody else did. */
function nextOfBlock(messages: readonly Message[], message: Message): Message | undefined {
  for (const one of messages.slice(messages.findIndex(({ id }) => id === message.id) + 1)) {
    if (one.sender_id !== message.sender_id) return undefined
    if (!one.deleted) return one
  }
  return undefined
}

function OutgoingRow({ row, ...props }: MessageRowProps & { row: Extract<Row, { kind: 'outgoing' }> }) {
  const { outgoing } = row
  return (
    <MessageBubble
      measure={props.measure}
      index={props.index}
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
      onQuote={props.onQuote}
      menu={<OutgoingMenu outgoing={outgoing} onCopy={props.onCopy} onRewrite={props.onRewrite} onDiscard={props.onDiscard} />}
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
          onDiscard={() => {
            props.onDiscard(outgoing.clientId)
          }}
        />
      )}
    </MessageBubble>
  )
}

/** What was refused has its buttons below it. */
function OutgoingMenu({ outgoing, onCopy, onRewrite, onDiscard }: { outgoing: Outgoing } & Pick<MessageListProps, 'onCopy' | 'onRewrite' | 'onDiscard'>) {
  return (
    <MessageMenu
      actions={outgoing.delivery.status === 'waiting' && mayBeChanged(outgoing) ? waitingActions : sendingActions}
      onAction={(action) => {
        if (action === 'copy') onCopy(outgoing.content)
        if (action === 'edit') onRewrite(outgoing.clientId)
        if (action === 'delete') onDiscard(outgoing.clientId)
      }}
    />
  )
}

interface FailureProps {
  code: string
  onRetry: () => void
  onRewrite: () => void
  onDiscard: () => void
}

function Failure({ code, onRetry, onRewrite, onDiscard }: FailureProps) {
  const { t } = useTranslation()
  const tabIndex = use(RowTabIndex)
  return (
    <div className="failure" role="alert">
      <span>{t('message.failed', { reason: errorText(t, code) })}</span>
      <button type="button" className="text-button" tabIndex={tabIndex} onClick={onRetry}>
        {t('message.retry')}
      </button>
      <button type="button" className="text-button" tabIndex={tabIndex} onClick={onRewrite}>
        {t('message.edit')}
      </button>
      <button type="button" className="text-button" tabIndex={tabIndex} onClick={onDiscard}>
        {t('message.delete')}
      </button>
    </div>
  )
}

/** The same object as long as it says the same: the bubble stays as it is. */
function useQuote({ thread, conversation, userId }: Pick<MessageListProps, 'thread' | 'conversation' | 'userId'>, replyTo: Id | null): Quote | null {
  const { t } = useTranslation()
  const quoted = replyTo === null ? undefined : thread.messages.find((message) => message.id === replyTo)
  const isOwn = quoted?.sender_id === userId
  const name = quoted && (senderName(conversation, quoted.sender_id) ?? t('chat.unknown'))
  return useMemo(() => {
    if (replyTo === null) return null
    if (!quoted || name === undefined) return { messageId: null, name: '', spoken: t('message.quoteUnknown'), text: '' }
    const text = quoted.deleted ? t('message.deleted') : quoted.content.slice(0, 200)
    return {
      messageId: quoted.id,
      name: isOwn ? t('message.you') : name,
      spoken: isOwn ? t('message.quoteOwn') : t('message.quote', { name }),
      text,
    }
  }, [replyTo, quoted, isOwn, name, t])
}

export function senderName(conversation: Conversation, senderId: Id): string | null {
  const sender = conversation.participants.find((user) => user.id === senderId)
  return sender ? fullName(sender) : null
}
