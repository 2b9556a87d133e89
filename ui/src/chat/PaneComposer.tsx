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
  /** What was written in it and isn't stored yet. */
  outgoing: Outgoing[]
  intent: Intent
  onIntent: (intent: Intent) => void
  onCopy: (text: string) => void
}

/** The composer of the open conversation, with the message that it is about. */
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
        // It stands at the end: that is where one wants to be then.
        if (thread && thread.newer.status !== 'end') chat.loadLatest(id)
        rest()
      }}
      onEdit={(messageId, content) => chat.edit({ id: messageId, conversation_id: id }, content)}
      onDue={(messageId, isDue) => {
        // It may have been given up before that was known.
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

/** Retrying the failed message is how to write to somebody who has come back. */
function isRefusedForGood({ delivery }: Outgoing): boolean {
  return delivery.status === 'failed' && delivery.code === 'recipient_gone'
}

/** Of what one wrote last, unless that is on its way or not among what is loaded. */
function correctionOfLast(userId: Id, thread: Thread | undefined, outgoing: Outgoing[]): Intent | null {
  const unsent = outgoing.at(-1)
  if (unsent) return mayBeChanged(unsent) ? { kind: 'rewrite', clientId: unsent.clientId } : null
  if (thread?.newer.status !== 'end') return null
  const stored = thread.messages.findLast((message) => message.sender_id === userId && !message.deleted)
  return stored ? { kind: 'edit', messageId: stored.id } : null
}
