import type { Place } from '../../lib/place'
import type { Id, Message, Timestamp } from '../../protocol/resources'
import type { ListPosition, Typist } from './conversations'
import { noRequests, type Requests } from './heard'
import type { KnownConversation } from './knownConversation'
import type { Thread } from './thread'

/** `isHeld` where the server couldn't take it, or couldn't say whether it has: it goes out again after a pause. */
export type Delivery = { status: 'waiting'; isHeld?: boolean } | { status: 'sending' } | { status: 'failed'; code: string }

/** A message of ours that the server hasn't confirmed yet. */
export interface Outgoing {
  clientId: string
  /** A person until there is a conversation with them. */
  place: Place
  content: string
  replyTo: Id | null
  createdAt: Timestamp
  /** Its place among the others, ascending; the time isn't one: clocks are set back. */
  sequence: number
  /** It left on some link: the server may have it already, under this client_id. */
  wasSent?: boolean
  delivery: Delivery
}

export type Loading = { status: 'loading' } | { status: 'ready' } | { status: 'failed'; code: string }

/** What came while there was no link, in one conversation. */
export interface Missed {
  conversationId: Id
  count: number
  last: Message
}

/** What is told to those who don't look: a message that came in, or how many were missed. */
export type News = { kind: 'message'; message: Message } | { kind: 'missed'; missed: Missed[] }

/** `undone` is what was asked for and wasn't done, where the reason alone doesn't tell. */
export interface ChatNotice {
  code: string
  undone?: 'delete'
}

export interface ChatState {
  userId: Id
  conversations: Record<Id, KnownConversation>
  list: Loading
  /** How many lists have come: with each, other people may take part in a group. */
  listCount: number
  /** Query of the next page of conversations, null at the end. */
  nextPage: string | null
  /** Where the last one stood of the pages that were fetched; null before the first of them. */
  loadedTo: ListPosition | null
  /** Below the most recent ones, which frames tell of, the list may have changed: it is to be fetched from its top. */
  isTailStale: boolean
  /** Not known to us, and a message came for them: they are to be asked for. */
  unknown: readonly Id[]
  threads: Record<Id, Thread>
  /** In the order in which they were written. */
  outgoing: Outgoing[]
  /** Once what an earlier page left is back, so that nothing overtakes it, or has been waited for long enough. */
  isOutboxRestored: boolean
  typists: Typist[]
  /** `open` once the list has come, after which live frames follow. `epoch` counts links. */
  link: { status: 'down' | 'opening' | 'open'; epoch: number }
  requests: Requests
  /** The conversation whose end the user has before their eyes. */
  watched: Id | null
  /** Up to where the user has seen it on the present link, and it was reported, or is about to be. */
  seen: Record<Id, Id>
  /** Up to where reading was reported on the present link, per conversation. */
  reported: Record<Id, Id>
  /** The last that came from others, for those who listen; nothing of what was muted then. */
  heard: News[]
  /** What went wrong and belongs to no message. */
  notice: ChatNotice | null
}

/** Longer than the pause between two signs of typing, and than the server's own patience. */
export const typingLifetime = 7_000

export function initialChatState(userId: Id): ChatState {
  return {
    userId,
    conversations: {},
    list: { status: 'loading' },
    listCount: 0,
    nextPage: null,
    loadedTo: null,
    isTailStale: false,
    unknown: [],
    threads: {},
    outgoing: [],
    isOutboxRestored: false,
    typists: [],
    link: { status: 'down', epoch: 0 },
    requests: noRequests,
    watched: null,
    seen: {},
    reported: {},
    heard: [],
    notice: null,
  }
}
