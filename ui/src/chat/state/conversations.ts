import { fullName, shortName } from '../../i18n/personName'
import { hasRightToLeft } from '../../lib/direction'
import { indexOf } from '../../lib/searchText'
import { mostListed } from '../../protocol/limits'
import type { Conversation, Id, Message, MessageStatus, Receipt, User } from '../../protocol/resources'
import { furtherStatus } from './thread'

/** Where a conversation stands in a list: the most recent activity first, as the server orders it. */
export type ListPosition = Pick<Conversation, 'updated_at' | 'conversation_id'>

export interface Typist {
  conversationId: Id
  userId: Id
  /** Milliseconds since 1970. */
  since: number
}

function byPosition(a: ListPosition, b: ListPosition): number {
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

/** Whether the other person's account in a direct conversation was deleted. */
export function isAlone(conversation: Conversation, userId: Id): boolean {
  return conversation.kind === 'direct' && othersOf(conversation, userId).length === 0
}

export function participantOf(conversation: Conversation, userId: Id): User | undefined {
  return conversation.participants.find((user) => user.id === userId)
}

/** A list doesn't name everybody in it. */
export function isLarge(conversation: Conversation): boolean {
  return conversation.participant_count > mostListed
}

/** Whether it is known of everybody in it how far they have read. */
export function isWhole(conversation: Conversation): boolean {
  return !isLarge(conversation) || conversation.receipts.length >= conversation.participant_count
}

/** The name of the other person, the title of a group, or the first names of its people; empty where these would be too many. */
export function conversationName(conversation: Conversation, userId: Id): string {
  if (conversation.title) return conversation.title
  if (isLarge(conversation)) return ''
  const others = othersOf(conversation, userId)
  const [first] = others
  if (others.length <= 1) return first ? fullName(first) : ''
  const names = others.map(shortName)
  // Two Arabic names between French ones would change places.
  const isMixed = names.some(hasRightToLeft) && !names.every(hasRightToLeft)
  return (isMixed ? names.map((name) => `\u2068${name}\u2069`) : names).join(', ')
}

/** Of three hundred conversations they would take most of the time between two letters of a search. */
const knownWords = new WeakMap<Conversation, string[]>()

/** What a conversation is searched by: its name and its people. */
export function searchWords(conversation: Conversation, userId: Id): string[] {
  const known = knownWords.get(conversation)
  if (known) return known
  const words = indexOf([conversationName(conversation, userId), ...othersOf(conversation, userId).map(fullName)].join(' '))
  knownWords.set(conversation, words)
  return words
}

/** The direct conversation with somebody, among those that we know. */
export function directWith(conversations: Record<Id, Conversation>, userId: Id, personId: Id): Conversation | undefined {
  return Object.values(conversations).find(
    (one) => one.kind === 'direct' && othersOf(one, userId).some((user) => user.id === personId),
  )
}

/** The first names of those who write in it; empty for somebody whom we don't know. */
export function typingNames(typists: readonly Typist[], conversation: Conversation): string[] {
  return typists
    .filter((typist) => typist.conversationId === conversation.conversation_id)
    .map((typist) => participantOf(conversation, typist.userId))
    .map((user) => (user ? shortName(user) : ''))
}

/** In a large group each bubble of ours asks for everybody's. */
const knownReceipts = new WeakMap<Receipt[], Map<Id, Receipt>>()

export function receiptOf({ receipts }: Conversation, userId: Id): Receipt {
  let known = knownReceipts.get(receipts)
  if (!known) {
    known = new Map(receipts.map((receipt) => [receipt.user_id, receipt]))
    knownReceipts.set(receipts, known)
  }
  return known.get(userId) ?? { user_id: userId, last_read: 0, last_delivered: 0 }
}

/** Moves a participant's marks forward; they never move back. */
export function withReceipt<T extends Conversation>(conversation: T, moved: Receipt): T {
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

/**
 * The people whom a copy names and their marks, each as far as we know it to be. Of a large group a
 * list names some: of the others we keep what we know, until all are fetched. Somebody who has left
 * stays among them until then.
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

/** How far a message of ours has come: the receipts tell, and the message's own state. */
export function statusOf(message: Message, conversation: Conversation | undefined): MessageStatus {
  if (!conversation || !isWhole(conversation)) return message.status
  const others = conversation.receipts.filter((receipt) => receipt.user_id !== message.sender_id)
  if (others.length === 0) return message.status
  if (others.every((receipt) => receipt.last_read >= message.id)) return 'read'
  const delivered = others.every((receipt) => Math.max(receipt.last_delivered, receipt.last_read) >= message.id)
  return delivered ? furtherStatus('delivered', message.status) : message.status
}
