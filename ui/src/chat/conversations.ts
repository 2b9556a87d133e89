import { wordsOf } from '../lib/searchText'
import type { Conversation, Id, Message, MessageStatus, Receipt, User } from '../protocol'
import type { Typist } from './chatState'
import { furtherStatus, newerMessage } from './thread'

export function byActivity(conversations: Record<Id, Conversation>): Conversation[] {
  return Object.values(conversations).sort(
    (a, b) => (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : b.conversation_id - a.conversation_id),
  )
}

export function othersOf(conversation: Conversation, userId: Id): User[] {
  return conversation.participants.filter((user) => user.id !== userId)
}

export function fullName(user: Pick<User, 'first_name' | 'last_name' | 'email'>): string {
  return `${user.first_name} ${user.last_name}`.trim() || user.email
}

/** The name of the other person, the title of a group, or the first names of its people. */
export function conversationName(conversation: Conversation, userId: Id): string {
  if (conversation.title) return conversation.title
  const others = othersOf(conversation, userId)
  const [first] = others
  if (others.length <= 1) return first ? fullName(first) : ''
  return others.map((user) => user.first_name || user.last_name).join(', ')
}

/** Of three hundred conversations they would take most of the time between two letters of a search. */
const knownWords = new WeakMap<Conversation, string[]>()

/** What a conversation is searched by: its name and its people. */
export function searchWords(conversation: Conversation, userId: Id): string[] {
  const known = knownWords.get(conversation)
  if (known) return known
  const words = wordsOf([conversationName(conversation, userId), ...othersOf(conversation, userId).map(fullName)].join(' '))
  knownWords.set(conversation, words)
  return words
}

/** The direct conversation with somebody, among those that we know. */
export function directWith(conversations: Record<Id, Conversation>, userId: Id, personId: Id): Conversation | undefined {
  return Object.values(conversations).find(
    (one) => one.kind === 'direct' && othersOf(one, userId).some((user) => user.id === personId),
  )
}

/** The first names of those who write in it. */
export function typingNames(typists: readonly Typist[], conversation: Conversation): string[] {
  return typists
    .filter((typist) => typist.conversationId === conversation.conversation_id)
    .map((typist) => conversation.participants.find((user) => user.id === typist.userId)?.first_name ?? '')
    .filter(Boolean)
}

export function receiptOf(conversation: Conversation, userId: Id): Receipt {
  const receipt = conversation.receipts.find((one) => one.user_id === userId)
  return receipt ?? { user_id: userId, last_read: 0, last_delivered: 0 }
}

/** Moves a participant's marks forward; they never move back. */
export function withReceipt(conversation: Conversation, moved: Receipt): Conversation {
  const before = receiptOf(conversation, moved.user_id)
  const receipt = furtherReceipt(before, moved)
  if (receipt.last_read === before.last_read && receipt.last_delivered === before.last_delivered) return conversation
  const others = conversation.receipts.filter((one) => one.user_id !== moved.user_id)
  return { ...conversation, receipts: [...others, receipt] }
}

function furtherReceipt(a: Receipt, b: Receipt): Receipt {
  const lastRead = Math.max(a.last_read, b.last_read)
  return {
    user_id: a.user_id,
    last_read: lastRead,
    last_delivered: Math.max(a.last_delivered, b.last_delivered, lastRead),
  }
}

/** A fetched copy may be older than what live frames have told since: neither undoes the other. */
export function newerConversation(known: Conversation | undefined, incoming: Conversation): Conversation {
  if (!known) return incoming
  const knownLast = known.last_message
  const last = incoming.last_message
  const isBehind = (knownLast?.id ?? 0) > (last?.id ?? 0)
  const receipts = incoming.receipts.map((receipt) => furtherReceipt(receiptOf(known, receipt.user_id), receipt))
  return {
    ...incoming,
    receipts,
    last_message: isBehind ? knownLast : knownLast && last && knownLast.id === last.id ? newerMessage(knownLast, last) : last,
    updated_at: isBehind ? known.updated_at : incoming.updated_at,
    unread_count: isBehind ? known.unread_count : incoming.unread_count,
  }
}

/**
 * The list of a frame holds the most recent conversations, or all of them: what is as
 * recent and isn't in it is no longer ours.
 */
export function mergeList(
  known: Record<Id, Conversation>,
  incoming: Conversation[],
  isComplete: boolean,
): Record<Id, Conversation> {
  const oldest = isComplete ? '' : incoming.reduce((min, one) => (one.updated_at < min ? one.updated_at : min), '~')
  const kept = Object.values(known).filter((one) => one.updated_at < oldest)
  const merged: Record<Id, Conversation> = {}
  for (const one of kept) merged[one.conversation_id] = one
  for (const one of incoming) merged[one.conversation_id] = newerConversation(known[one.conversation_id], one)
  return merged
}

/** How far a message of ours has come: the receipts tell, and the message's own state. */
export function statusOf(message: Message, conversation: Conversation | undefined): MessageStatus {
  if (!conversation) return message.status
  const others = conversation.receipts.filter((receipt) => receipt.user_id !== message.sender_id)
  if (others.length === 0) return message.status
  if (others.every((receipt) => receipt.last_read >= message.id)) return 'read'
  const delivered = others.every((receipt) => Math.max(receipt.last_delivered, receipt.last_read) >= message.id)
  return delivered ? furtherStatus('delivered', message.status) : message.status
}
