import { statusOf } from '../chat/state/conversations'
import type { Conversation, Message } from '../protocol/resources'
import { viewer } from './modelSchool'

/** What the client shows of a conversation, for comparison. */
export function conversationShown(one: Conversation): unknown {
  const { conversation_id, title, muted, unread_count, updated_at, participants, last_message, receipts } = one
  return {
    conversation_id,
    title,
    muted,
    unread_count,
    updated_at,
    participants: participants.map(({ id }) => id).sort(),
    read: Object.fromEntries(receipts.map(({ user_id, last_read }) => [user_id, last_read])),
    last: last_message && messageShown(last_message, one),
  }
}

/** What the client shows of a message. */
export function messageShown(message: Message, conversation: Conversation | undefined): unknown {
  const { id, sender_id, content, deleted, edited_at, edited_by, reactions = [] } = message
  const isAlone = conversation?.participants.every((user) => user.id === viewer)
  return { id, sender_id, content, deleted, edited_at, edited_by, reactions, status: sender_id === viewer && !isAlone ? statusOf(message, conversation) : null }
}
