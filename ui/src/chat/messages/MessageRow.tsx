import { memo, type ReactNode, useMemo } from 'react'
import { personDescription } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { lazily } from '../../lib/lazily'
import { excerpt } from '../../lib/text'
import { colourAmong } from '../../parts/personColour'
import type { Attachment, Conversation, Id, Message, User } from '../../protocol/resources'
import { Attachments } from '../files/parts'
import { isAlone, isWhole, othersOf, participantOf, receiptOf, statusOf } from '../state/conversations'
import type { Outgoing } from '../state/chatState'
import type { Thread } from '../state/thread'
import { deletedText } from '../state/deletedText'
import { mentionsUser } from '../state/mentions'
import { mayBeChanged } from '../state/outbox'
import { senderText } from '../state/senderText'
import { MessageBubble, type Quote } from './MessageBubble'
import { MessageMenu } from './MessageMenu'
import type { MessageAction } from './MessageMenuPopup'
import type { Row } from './messageRows'
import { Readers } from './Readers'
import { type RowReactions, useBubbleReactions } from './useBubbleReactions'

/** Most messages are sent. */
export const Failure = lazily(() => import('./Failure').then((module) => module.Failure))
const DueNote = lazily(() => import('./DueNote').then((module) => module.DueNote))

const ownActions = ['reply', 'copy', 'edit', 'delete'] as const
const otherActions = ['reply', 'copy'] as const
const ownUnanswered = ['copy', 'edit', 'delete'] as const
const otherUnanswered = ['copy'] as const
const ownClosed = ['copy', 'delete'] as const
/** Of how many readers a message shows the face. */
const mostFaces = 3
const waitingActions = ['copy', 'edit', 'delete'] as const
const sendingActions = ['copy'] as const

/** Props that are the same for all rows of a list. */
export interface RowContext {
  userId: Id
  conversation: Conversation
  thread: Thread
  /** The establishment's; undefined for that of this device. */
  zone?: string | undefined
  reactions?: RowReactions | undefined
  onAction: (message: Message, action: MessageAction) => void
  onCopy: (content: string) => void
  onRetry: (clientId: string) => void
  onRewrite: (clientId: string) => void
  onDiscard: (clientId: string) => void
  /** Removes a file of an unsent message; `thenSend`: what is left is sent. */
  onRemoveFile: (key: string, thenSend?: boolean) => void
}

interface MessageRowProps extends RowContext {
  row: Extract<Row, { kind: 'message' | 'outgoing' }>
  measure: (row: HTMLElement | null) => void
  index: number
  /** Goes to the message that this one replies to. */
  onQuote: (messageId: Id) => void
}

/** One bubble, of a stored message or of one that the server hasn't confirmed yet. */
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
  const name = isOwn ? null : senderText(t, conversation, message.sender_id)
  const sender = row.isFirst ? participantOf(conversation, message.sender_id) : undefined
  return (
    <MessageBubble
      message={message}
      measure={props.measure}
      index={props.index}
      content={message.content}
      media={useMedia(userId, message.attachments)}
      timestamp={message.timestamp}
      senderName={name}
      {...(conversation.kind === 'group' && !isOwn ? { colour: colourAmong(message.sender_id, conversation.participants) } : {})}
      // A namesake's name has it already.
      role={sender && name === fullName(sender) ? personDescription(sender) : undefined}
      isFirst={row.isFirst}
      isLast={row.isLast}
      isEdited={message.edited_at !== null}
      isDeleted={message.deleted}
      isUrgent={message.urgent}
      isMention={mentionsUser(message, userId)}
      isByAdministration={message.edited_by === 'administration'}
      state={isOwn ? statusOf(message, conversation) : null}
      quote={useQuote(props, message.reply_to)}
      reactions={useBubbleReactions(props.reactions, conversation, userId, message)}
      actions={useActions(actionsOn(conversation, userId, isOwn), message.content)}
      onAction={props.onAction}
      onQuote={props.onQuote}
    >
      {useReaders(props, message)}
    </MessageBubble>
  )
}

/** The same element as long as the message has the same files, so that the bubble isn't rendered. */
function useMedia(userId: Id, attachments: readonly Attachment[] | undefined): ReactNode {
  return useMemo(() => (attachments?.length ? <Attachments userId={userId} attachments={attachments} /> : null), [userId, attachments])
}

/** Nobody is answered, and nothing edited, where one can't write; one's own messages can always be deleted. */
function actionsOn(conversation: Conversation, userId: Id, isOwn: boolean): readonly MessageAction[] {
  if (conversation.can_write === false) return isOwn ? ownClosed : otherUnanswered
  if (isAlone(conversation, userId)) return isOwn ? ownUnanswered : otherUnanswered
  return isOwn ? ownActions : otherActions
}

/** Without a text there is nothing to copy. */
function useActions(actions: readonly MessageAction[], content: string): readonly MessageAction[] {
  return useMemo(() => (content ? actions : actions.filter((action) => action !== 'copy')), [actions, content])
}

/** For the user's messages in groups, once everybody's receipts are known; the same element while it shows the same, so that the bubble isn't rendered. */
function useReaders({ conversation, thread, userId, onAction }: Pick<RowContext, 'conversation' | 'thread' | 'userId' | 'onAction'>, message: Message): ReactNode {
  const isAsked = conversation.kind === 'group' && message.sender_id === userId && !message.deleted && isWhole(conversation)
  const others = isAsked ? othersOf(conversation, userId) : []
  // The marker of somebody who has joined since began at the newest message, which they needn't have read.
  const wasThere = (user: User, one: Message) => (receiptOf(conversation, user.id).joined ?? 0) < one.id
  const people = others.filter((user) => wasThere(user, message))
  const hasRead = (user: User, one: Message) => receiptOf(conversation, user.id).last_read >= one.id
  const next = people.length > 0 ? nextOfBlock(thread.messages, message) : undefined
  // Somebody who has read a message has read those before: in a block only the last one shows its readers, unless they differ.
  const isShown = !next || others.some((user) => wasThere(user, message) !== wasThere(user, next) || hasRead(user, message) !== hasRead(user, next))
  const shown = isShown ? people : []
  const read = shown.filter((user) => hasRead(user, message))
  const faces = JSON.stringify(read.slice(0, mostFaces).map((user) => ({ id: user.id, name: fullName(user) })))
  const count = read.length
  const all = shown.length
  // An older server doesn't say who.
  const mayAsk = conversation.pinned_messages !== undefined
  return useMemo(() => {
    if (all === 0) return null
    const onPress = mayAsk ? () => { onAction(message, 'readers') } : undefined
    return <Readers read={JSON.parse(faces) as { id: Id; name: string }[]} count={count} all={all} onPress={onPress} />
  }, [faces, count, all, mayAsk, message, onAction])
}

/** The next message, if it is by the same person. */
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
      media={outgoing.files && <Attachments userId={props.userId} files={outgoing.files} onRemove={mayBeChanged(outgoing) ? props.onRemoveFile : undefined} />}
      timestamp={outgoing.createdAt}
      senderName={null}
      isFirst={row.isFirst}
      isLast={row.isLast}
      isEdited={false}
      isDeleted={false}
      state={outgoing.delivery.status}
      quote={useQuote(props, outgoing.replyTo)}
      onQuote={props.onQuote}
      isUrgent={outgoing.urgent}
      menu={<OutgoingMenu outgoing={outgoing} onCopy={props.onCopy} onRewrite={props.onRewrite} onDiscard={props.onDiscard} />}
    >
      {outgoing.deliverAt && outgoing.delivery.status !== 'failed' && <DueNote at={outgoing.deliverAt} zone={props.zone} />}
      {outgoing.delivery.status === 'failed' && (
        <Failure
          code={outgoing.delivery.code}
          mayWrite={props.conversation.can_write !== false}
          outgoing={outgoing}
          onRemoveFile={props.onRemoveFile}
          onCopy={() => {
            props.onCopy(outgoing.content)
          }}
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

/** A refused message has its buttons below it instead. */
function OutgoingMenu({ outgoing, onCopy, onRewrite, onDiscard }: { outgoing: Outgoing } & Pick<RowContext, 'onCopy' | 'onRewrite' | 'onDiscard'>) {
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

/** The same object while it shows the same, so that the bubble isn't rendered. */
function useQuote({ thread, conversation, userId }: Pick<RowContext, 'thread' | 'conversation' | 'userId'>, replyTo: Id | null): Quote | null {
  const { t } = useTranslation()
  const quoted = replyTo === null ? undefined : thread.messages.find((message) => message.id === replyTo)
  const isOwn = quoted?.sender_id === userId
  const name = quoted && senderText(t, conversation, quoted.sender_id)
  return useMemo(() => {
    if (replyTo === null) return null
    if (!quoted || name === undefined) return { messageId: null, name: '', spoken: t('message.quoteUnknown'), text: '' }
    const text = quoted.deleted ? deletedText(t, quoted) : excerpt(quoted.content, 200)
    return {
      messageId: quoted.id,
      name: isOwn ? t('message.you') : name,
      spoken: isOwn ? t('message.quoteOwn') : t('message.quote', { name }),
      text,
      files: quoted.attachments,
    }
  }, [replyTo, quoted, isOwn, name, t])
}
