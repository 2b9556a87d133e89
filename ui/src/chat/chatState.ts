import type { Conversation, Id, Message, ServerFrame, Timestamp } from '../protocol'
import type { News } from './news'

export type Delivery = { status: 'waiting' } | { status: 'sending' } | { status: 'failed'; code: string }

/** A message of ours that the server hasn't confirmed yet. */
export interface Outgoing {
  clientId: string
  /** Below zero it is meant for a person: contacts.ts. */
  conversationId: Id
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
/** `epoch` is that of the open link which it failed on, 0 where there was none. */
export type ThreadLoading = Exclude<Loading, { status: 'failed' }> | { status: 'failed'; code: string; epoch: number }
/** What lies beyond an end of the stretch that we hold. */
export type Beyond = { status: 'more' } | { status: 'loading' } | { status: 'end' } | { status: 'failed'; code: string }

/** The stretch of a conversation's messages that we hold: without a gap up to `syncedTo`, or to its end while there are newer ones. */
export interface Thread {
  load: ThreadLoading
  older: Beyond
  /** `end` where the newest message is among ours, and live ones join them. */
  newer: Beyond
  /** By ascending id, each once. */
  messages: Message[]
  syncedTo: Id
  /** `stale` until, on the present link, everything missed has been fetched. */
  sync: 'stale' | 'live'
  /** Changes that arrived before the message they change. */
  early: Record<Id, Message | 'deleted'>
}

export interface Typist {
  conversationId: Id
  userId: Id
  /** Milliseconds since 1970. */
  since: number
}

/** `undone` is what was asked for and wasn't done, where the reason alone doesn't tell. */
export interface ChatNotice {
  code: string
  undone?: 'delete'
}

export interface ChatState {
  userId: Id
  conversations: Record<Id, Conversation>
  list: Loading
  /** Query of the next page of conversations, null at the end. */
  nextPage: string | null
  /** A message came for a conversation that we don't know: the list has to be fetched. */
  listIsBehind: boolean
  threads: Record<Id, Thread>
  /** In the order in which they were written. */
  outgoing: Outgoing[]
  /** Once what an earlier page left is back, so that nothing overtakes it, or has been waited for long enough. */
  isOutboxRestored: boolean
  typists: Typist[]
  /** `open` once the list has come, after which live frames follow. `epoch` counts links. */
  link: { status: 'down' | 'opening' | 'open'; epoch: number }
  /** The conversation whose end the user has before their eyes. */
  watched: Id | null
  /** Up to where reading was reported on the present link, per conversation. */
  reported: Record<Id, Id>
  /** The last that came from others, for those who listen; nothing of what was muted then. */
  heard: News[]
  /** What went wrong and belongs to no message. */
  notice: ChatNotice | null
}

export type ChatEvent =
  | { type: 'frame'; frame: ServerFrame; at: number }
  | { type: 'linkChanged'; isConnected: boolean }
  | { type: 'listLoaded'; conversations: Conversation[]; next: string | null; isFirstPage: boolean }
  | { type: 'listFailed'; code: string }
  | { type: 'conversationFetched'; conversation: Conversation }
  | { type: 'peopleRemoved'; conversationId: Id; userIds: Id[] }
  | { type: 'threadOpened'; conversationId: Id }
  | { type: 'threadLoaded'; conversationId: Id; messages: Message[]; hasOlder: boolean; hasNewer: boolean; epoch: number }
  | { type: 'threadFailed'; conversationId: Id; code: string; epoch: number }
  | { type: 'olderRequested'; conversationId: Id }
  | { type: 'olderLoaded'; conversationId: Id; before: Id; messages: Message[]; hasOlder: boolean }
  | { type: 'olderFailed'; conversationId: Id; code: string }
  | { type: 'newerRequested'; conversationId: Id }
  | { type: 'newerLoaded'; conversationId: Id; after: Id; messages: Message[]; hasNewer: boolean }
  | { type: 'newerFailed'; conversationId: Id; code: string }
  /** The newest page, in the place of a stretch that doesn't reach it. */
  | { type: 'latestLoaded'; conversationId: Id; messages: Message[]; hasOlder: boolean }
  | { type: 'messagesFetched'; conversationId: Id; messages: Message[] }
  | { type: 'caughtUp'; conversationId: Id; epoch: number }
  | { type: 'written'; outgoing: Outgoing }
  | { type: 'outboxRestored'; outgoing: Outgoing[] }
  | { type: 'keptElsewhere'; outgoing: Outgoing }
  | { type: 'handedOver'; clientIds: string[] }
  /** No conversation comes about with the person for whom it is meant. */
  | { type: 'placeRefused'; conversationId: Id; code: string }
  | { type: 'retried'; clientId: string }
  | { type: 'rewritten'; clientId: string; newClientId: string; content: string }
  | { type: 'withdrawn'; clientId: string }
  | { type: 'watching'; conversationId: Id | null }
  | { type: 'readReported'; conversationId: Id; messageId: Id }
  | { type: 'messageEdited'; message: Message }
  | { type: 'messageDeleted'; conversationId: Id; messageId: Id }
  | { type: 'typingExpired'; at: number }
  | ({ type: 'noticed' } & ChatNotice)
  | { type: 'noticeClosed' }

/** Longer than the pause between two signs of typing, and than the server's own patience. */
export const typingLifetime = 7_000

export function initialChatState(userId: Id): ChatState {
  return {
    userId,
    conversations: {},
    list: { status: 'loading' },
    nextPage: null,
    listIsBehind: false,
    threads: {},
    outgoing: [],
    isOutboxRestored: false,
    typists: [],
    link: { status: 'down', epoch: 0 },
    watched: null,
    reported: {},
    heard: [],
    notice: null,
  }
}
