import { fullName, shortName } from '../../i18n/personName'
import { hasRightToLeft } from '../../lib/direction'
import { indexOf } from '../../lib/searchText'
import { mostListed } from '../../protocol/limits'
import type { Conversation, Id, Message, MessageStatus, Receipt, User } from '../../protocol/resources'
import { furtherStatus } from './thread'

/** The position of a conversation in a list: the pinned ones, then the most recent activity first, in the server's order. */
export type ListPosition = Pick<Conversation, 'updated_at' | 'conversation_id' | 'pinned'>

export interface Typist {
  conversationId: Id
  userId: Id
  /** Milliseconds since 1970. */
  since: number
}

function byPosition(a: ListPosition, b: ListPosition): number {
  if (Boolean(a.pinned) !== Boolean(b.pinned)) return a.pinned ? -1 : 1
  return a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : b.conversation_id - a.conversation_id
}

export function isAtOrAbove(one: ListPosition, other: ListPosition): boolean {
  return byPosition(one, other) <= 0
}

export function byActivity(conversations: readonly Conversation[]): Conversation[] {
  return [...conversations].sort(byPosition)
}

export function othersOf(conversation: Conversation, userId: Id): User[] {
  return conversation.participants.filter((user) => user.id !== userId)
}

export function isUnread(conversation: Conversation): boolean {
  return conversation.unread_count > 0 || conversation.marked_unread === true
}

/** Whether the other person's account in a direct conversation was deleted. */
export function isAlone(conversation: Conversation, userId: Id): boolean {
  return conversation.kind === 'direct' && othersOf(conversation, userId).length === 0
}

export function participantOf(conversation: Conversation, userId: Id): User | undefined {
  return conversation.participants.find((user) => user.id === userId)
}

/** Whether a list doesn't name everybody in it. */
export function isLarge(conversation: Conversation): boolean {
  return conversation.participant_count > mostListed
}

/** Whether the receipts of everybody in it are known. */
export function isWhole(conversation: Conversation): boolean {
  return !isLarge(conversation) || conversation.receipts.length >= conversation.participant_count
}

/** The name of the other person, the title of a group, or the first names of its people; empty if there are too many. */
export function conversationName(conversation: Conversation, userId: Id): string {
  if (conversation.title) return conversation.title
  if (isLarge(conversation)) return ''
  const others = othersOf(conversation, userId)
  const [first] = others
  if (others.length <= 1) return first ? fullName(first) : ''
  const names = others.map(shortName)
  // Two Arabic names between French ones would be swapped.
  const isMixed = names.some(hasRightToLeft) && !names.every(hasRightToLeft)
  return (isMixed ? names.map((name) => `\u2068${name}\u2069`) : names).join(', ')
}

/** Cached, because for three hundred conversations they would take most of the time between two keystrokes of a search. */
const knownWords = new WeakMap<Conversation, string[]>()

/** The words that a conversation is searched by: its name and its people. */
export function searchWords(conversation: Conversation, userId: Id): string[] {
  const known = knownWords.get(conversation)
  if (known) return known
  const words = indexOf([conversationName(conversation, userId), ...othersOf(conversation, userId).map(fullName)].join(' '))
  knownWords.set(conversation, words)
  return words
}

/** The direct conversation with somebody, if it is loaded. */
export function directWith(conversations: Record<Id, Conversation>, userId: Id, personId: Id): Conversation | undefined {
  return Object.values(conversations).find(
    (one) => one.kind === 'direct' && othersOf(one, userId).some((user) => user.id === personId),
  )
}

/** The first names of the people who are typing; empty for somebody unknown. */
export function typingNames(typists: readonly Typist[], conversation: Conversation): string[] {
  return typists
    .filter((typist) => typist.conversationId === conversation.conversation_id)
    .map((typist) => participantOf(conversation, typist.userId))
    .map((user) => (user ? shortName(user) : ''))
}

/** Cached, because in a large group each of the user's bubbles needs everybody's. */
const knownReceipts = new WeakMap<Receipt[], Map<Id, Receipt>>()

export function receiptOf({ receipts }: Conversation, userId: Id): Receipt {
  let known = knownReceipts.get(receipts)
  if (!known) {
    known = new Map(receipts.map((receipt) => [receipt.user_id, receipt]))
    knownReceipts.set(receipts, known)
  }
  return known.get(userId) ?? { user_id: userId, last_read: 0, last_delivered: 0 }
}

/** Moves a participant's receipt forward; it never moves back. */
export function withReceipt<T extends Conversation>(conversation: T, moved: Receipt): T {
  const before = receiptOf(conversation, moved.user_id)
  const receipt = furtherReceipt(before, moved)
  if (receipt.last_read === before.last_read && receipt.last_delivered === before.last_delivered) return conversation
  const others = conversation.receipts.filter((one) => one.user_id !== moved.user_id)
  return { ...conversation, receipts: [...others, receipt] }
}

function furtherReceipt(a: Receipt, b: Receipt): Receipt {
  const lastRead = Math.max(a.last_read, b.last_read)
  const joined = Math.max(a.joined ?? 0, b.joined ?? 0)
  return {
    user_id: a.user_id,
    last_read: lastRead,
    last_delivered: Math.max(a.last_delivered, b.last_delivered, lastRead),
    ...(joined > 0 ? { joined } : {}),
  }
}

/**
 * The people in a copy of a conversation and their receipts, each with the furthest known. A list names only some people
 * of a large group: the other known ones are kept until all are fetched. Until then somebody who has left stays among
 * them.
 */
export function furtherPeople(told: Conversation, known: Conversation | undefined): Pick<Conversation, 'participants' | 'receipts'> {
  const { participants } = told
  if (!known) return { participants, receipts: told.receipts }
  const receipts = told.receipts.map((receipt) => furtherReceipt(receiptOf(known, receipt.user_id), receipt))
  if (isWhole(told)) return { participants, receipts }
  const named = new Set(receipts.map((receipt) => receipt.user_id))
  return {
    participants: [...participants, ...known.participants.filter((user) => !named.has(user.id))],
    receipts: [...receipts, ...known.receipts.filter((receipt) => !named.has(receipt.user_id))],
  }
}

/** The status of one of the user's messages, from the receipts and its own status. */
export function statusOf(message: Message, conversation: Conversation | undefined): MessageStatus {
  if (!conversation || !isWhole(conversation)) return message.status
  const others = conversation.receipts.filter((receipt) => receipt.user_id !== message.sender_id)
  if (others.length === 0) return message.status
  if (others.every((receipt) => receipt.last_read >= message.id)) return 'read'
  const delivered = others.every((receipt) => Math.max(receipt.last_delivered, receipt.last_read) >= message.id)
  return delivered ? furtherStatus('delivered', message.status) : message.status
}
