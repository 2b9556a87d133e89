import type { Conversation, Id } from '../protocol/resources'
import { Composer } from './composer/Composer'
import type { Outgoing } from './state/chatState'
import { placeOf } from './state/contacts'
import { isAlone } from './state/conversations'
import { mayBeChanged } from './state/outbox'
import type { Thread } from './state/thread'
import { type Intent, isCorrecting } from './state/useIntent'
import type { Chat } from './useChat'

interface PaneComposerProps {
  chat: Chat
  conversation: Conversation
  name: string
  thread: Thread | undefined
  /** Its messages that the server hasn't confirmed yet. */
  outgoing: Outgoing[]
  intent: Intent
  onIntent: (intent: Intent) => void
  onCopy: (text: string) => void
}

/** The composer of the open conversation, with the message that is replied to or edited. */
export function PaneComposer({ chat, conversation, name, thread, outgoing, intent, onIntent, onCopy }: PaneComposerProps) {
  const { userId, link } = chat.state
  const id = conversation.conversation_id
  const aboutId = intent.kind === 'reply' || intent.kind === 'edit' ? intent.messageId : null
  const rewrittenId = intent.kind === 'rewrite' ? intent.clientId : null
  const about = thread?.messages.find(
    (message) => message.id === aboutId || (message.client_id === rewrittenId && message.sender_id === userId),
  )
  const rest = () => {
    onIntent({ kind: 'write' })
  }
  return (
    <Composer
      userId={userId}
      conversation={conversation}
      name={name}
      intent={intent}
      message={about}
      isGone={about?.deleted ?? (aboutId !== null && thread?.gone.includes(aboutId) === true)}
      unsent={outgoing.find((one) => one.clientId === rewrittenId)}
      isRecipientGone={isAlone(conversation, userId) || outgoing.some(isRefusedForGood)}
      onCopy={onCopy}
      epoch={link.status === 'open' ? link.epoch : 0}
      socket={chat.socket}
      onSend={(content, replyTo) => {
        chat.send(placeOf(conversation), content, replyTo)
        // The new message is at the end, so that is shown.
        if (thread && thread.newer.status !== 'end') chat.loadLatest(id)
        rest()
      }}
      onEdit={(messageId, content) => chat.edit({ id: messageId, conversation_id: id }, content)}
      onDue={(messageId, isDue) => {
        // The edit may have been cancelled before the response.
        if (isCorrecting(userId, id, messageId)) onIntent({ kind: 'edit', messageId, isDue })
      }}
      onRewrite={chat.rewrite}
      onEditLast={() => {
        const last = correctionOfLast(userId, thread, outgoing)
        if (last) onIntent(last)
      }}
      onRest={rest}
    />
  )
}

/** To write to somebody who has come back, the failed message is retried. */
function isRefusedForGood({ delivery }: Outgoing): boolean {
  return delivery.status === 'failed' && delivery.code === 'recipient_gone'
}

/** The intent to edit one's last message, unless it is being sent or isn't loaded. */
function correctionOfLast(userId: Id, thread: Thread | undefined, outgoing: Outgoing[]): Intent | null {
  const unsent = outgoing.at(-1)
  if (unsent) return mayBeChanged(unsent) ? { kind: 'rewrite', clientId: unsent.clientId } : null
  if (thread?.newer.status !== 'end') return null
  const stored = thread.messages.findLast((message) => message.sender_id === userId && !message.deleted)
  return stored ? { kind: 'edit', messageId: stored.id } : null
}
