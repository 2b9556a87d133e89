import type { Place } from '../../lib/place'
import type { Id, Message, Scheduled, Timestamp } from '../../protocol/resources'
import type { ListPosition, Typist } from './conversations'
import { noRequests, type Requests } from './heard'
import type { KnownConversation } from './knownConversation'
import type { Thread } from './thread'

/** `isHeld` if the server couldn't store it, or couldn't tell whether it has: it is sent again after a pause. */
export type Delivery = { status: 'waiting'; isHeld?: boolean } | { status: 'sending' } | { status: 'failed'; code: string }

/** A file of a message that isn't sent yet. Its content is stored on this device: files/fileStore.ts. */
export interface OutgoingFile {
  key: string
  name: string
  size: number
  /** As the browser sees it; may be empty. */
  type: string
  /** Of a picture. */
  width?: number
  height?: number
  /** Of a voice message, in seconds. */
  duration?: number
  /** Once it is uploaded. */
  attachmentId?: Id
  /** Why the server refused it. */
  code?: string
}

/** One of the user's messages that the server hasn't confirmed yet. */
export interface Outgoing {
  clientId: string
  /** A person, until there is a conversation with them. */
  place: Place
  content: string
  replyTo: Id | null
  createdAt: Timestamp
  /** Its position among the others, ascending. Not the time, because clocks are set back. */
  sequence: number
  /** It was sent on some link: the server may have it already, with this client_id. */
  wasSent?: boolean
  /** When it is to be delivered; at once if it is absent. */
  deliverAt?: Timestamp
  /** In spite of quiet hours. */
  urgent?: boolean
  /** Uploaded before it is sent. */
  files?: readonly OutgoingFile[]
  /** Participants whom it mentions. */
  mentions?: readonly Id[]
  delivery: Delivery
}

export type Loading = { status: 'loading' } | { status: 'ready' } | { status: 'failed'; code: string }

/** The messages of one conversation that were missed without a link. */
export interface Missed {
  conversationId: Id
  count: number
  last: Message
}

/** What is announced: an incoming message, or how many were missed. */
export type News = { kind: 'message'; message: Message } | { kind: 'missed'; missed: Missed[] }

/** A reaction that the user has added or removed, and that the server hasn't confirmed yet. */
export interface Reacting {
  conversationId: Id
  messageId: Id
  emoji: string
  adds: boolean
}

/** `undone` is the action that failed, if the reason alone doesn't say it. */
export interface ChatNotice {
  code: string
  undone?: 'delete' | 'react' | 'pin'
}

export interface ChatState {
  userId: Id
  conversations: Record<Id, KnownConversation>
  list: Loading
  /** How many lists have arrived: with each, the people in a group may have changed. */
  listCount: number
  /** Query of the next page of conversations, null at the end. */
  nextPage: string | null
  /** The position of the last conversation in the loaded pages; null before the first page. */
  loadedTo: ListPosition | null
  /** The list may have changed below the most recent ones, which frames cover: it has to be fetched from its top. */
  isTailStale: boolean
  /** Unknown conversations for which a message has arrived: they have to be fetched. */
  unknown: readonly Id[]
  threads: Record<Id, Thread>
  /** What results of a search may no longer be true of: how many messages were edited, and which were deleted, on this page. */
  revised: { edits: number; deleted: readonly Id[] }
  /** How often something has happened in each group since the page was opened. */
  eventful: Record<Id, number>
  /** In the order in which the user has made these changes. */
  reacting: readonly Reacting[]
  /** In the order in which they were written. */
  outgoing: Outgoing[]
  /** What the server delivers later, the next one first. */
  scheduled: readonly Scheduled[]
  /** The link on which that was loaded; 0 before. */
  scheduledEpoch: number
  /** Set once the messages of an earlier page are restored, so that none overtakes them, or after a timeout. */
  isOutboxRestored: boolean
  typists: Typist[]
  /** `open` once the list has arrived, after which live frames follow. `epoch` counts links. */
  link: { status: 'down' | 'opening' | 'open'; epoch: number }
  requests: Requests
  /** The conversation whose end the user is looking at. */
  watched: Id | null
  /** Up to where the user has seen it on the current link, whether already reported or about to be. */
  seen: Record<Id, Id>
  /** Up to where reading was reported on the current link, per conversation. */
  reported: Record<Id, Id>
  /** The latest news from others, for announcements; without conversations that were muted then. */
  heard: News[]
  /** An error that belongs to no message. */
  notice: ChatNotice | null
}

/** Longer than the pause between two typing signals, and than the server's timeout. */
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
    revised: { edits: 0, deleted: [] },
    eventful: {},
    reacting: [],
    outgoing: [],
    scheduled: [],
    scheduledEpoch: 0,
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
