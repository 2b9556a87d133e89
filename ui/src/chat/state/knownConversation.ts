import type { ServerFrame } from '../../protocol/frames'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { type Backlog, backlogOf, inDoubt, unreadIn, withArrival, withDeletion, withReading } from './backlog'
import { mentionsUser } from './mentions'
import { furtherPeople, isAtOrAbove, type ListPosition, withReceipt } from './conversations'
import { conversationOf, type Heard } from './heard'
import { newestOf, repeated, tombstone, withReactions } from './thread'

/** A conversation with the messages behind its unread count. */
export interface KnownConversation extends Conversation {
  backlog: Backlog
}

export function withBacklog(one: KnownConversation, backlog: Backlog): KnownConversation {
  return backlog === one.backlog ? one : { ...one, backlog, unread_count: unreadIn(backlog) }
}

/** From a list or a response. Receipts never move back: one that is further ahead stays. */
export function asTold(told: Conversation, known: Conversation | undefined, userId: Id): KnownConversation {
  const people = furtherPeople(told, known)
  const readTo = people.receipts.find((one) => one.user_id === userId)?.last_read ?? 0
  const last = told.last_message
  const last_message = last && known?.last_message?.id === last.id ? newestOf(known.last_message, last) : last
  const backlog = backlogOf(told, userId)
  return withBacklog({ ...told, ...people, last_message, backlog }, withReading(backlog, readTo))
}

/** Applies the frames received since it was requested; null if it is no longer one of the user's. */
export function afterFrames(told: KnownConversation, frames: readonly Heard[], userId: Id): KnownConversation | null {
  let one = told
  for (const frame of frames) {
    const next = frame.type === 'conversations_list' ? afterList(one, frame, userId) : afterFrame(one, frame, userId)
    if (!next) return null
    one = next
  }
  return one
}

function afterList(one: KnownConversation, list: Extract<ServerFrame, { type: 'conversations_list' }>, userId: Id): KnownConversation | null {
  const told = list.conversations.find((other) => other.conversation_id === one.conversation_id)
  if (told) return asTold(told, one, userId)
  if (list.complete) return null
  return isIn(list, one) ? withBacklog(one, inDoubt(one.backlog)) : one
}

/** Whether a list should contain it: a complete one has all, another one the most recent ones. */
export function isIn(list: Extract<ServerFrame, { type: 'conversations_list' }>, one: ListPosition): boolean {
  const last = list.conversations.at(-1)
  return list.complete || (last !== undefined && isAtOrAbove(one, last))
}

/** Applies a frame other than a list. */
export function afterFrame(one: KnownConversation, frame: Heard, userId: Id): KnownConversation {
  if (conversationOf(frame) !== one.conversation_id) return one
  switch (frame.type) {
    case 'new_message':
      return afterMessage(one, frame.message, userId)
    case 'message_updated':
      return withLast(one, frame.message.id, (last) => newestOf(last, frame.message))
    case 'message_deleted': {
      const changed = withLast(one, frame.message_id, (last) => tombstone(last, frame.edited_by))
      // A list follows the removal of a message.
      if (frame.removed && !one.backlog.since.includes(frame.message_id)) return changed
      return withBacklog(changed, withDeletion(changed.backlog, frame.message_id))
    }
    case 'message_reactions':
      return withLast(one, frame.message_id, (last) => withReactions(last, frame.reactions))
    case 'message_pins':
      return { ...one, pinned_messages: frame.pinned_messages }
    case 'messages_read': {
      const moved = withReceipt(one, { user_id: frame.user_id, last_read: frame.message_id, last_delivered: frame.message_id })
      return frame.user_id === userId ? withBacklog(moved, withReading(moved.backlog, frame.message_id)) : moved
    }
    case 'messages_delivered':
      return withReceipt(one, { user_id: frame.user_id, last_read: 0, last_delivered: frame.message_id })
    case 'conversations_list':
      return one
  }
}

function afterMessage(one: KnownConversation, message: Message, userId: Id): KnownConversation {
  const isNew = message.id > (one.last_message?.id ?? 0)
  // The server brings it back from the archive as well, a muted one for a mention.
  const last = isNew ? { ...one, last_message: message, updated_at: message.timestamp, ...(one.archived && { archived: one.muted && !mentionsUser(message, userId) }) } : withLast(one, message.id, (known) => repeated(known, message))
  // Writing a message doesn't mark earlier ones as read.
  return message.sender_id === userId ? last : withBacklog(last, withArrival(last.backlog, message.id))
}

function withLast(one: KnownConversation, id: Id, change: (last: Message) => Message): KnownConversation {
  const last = one.last_message
  return last?.id === id ? { ...one, last_message: change(last) } : one
}
