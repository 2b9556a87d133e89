import type { ServerFrame } from '../../protocol/frames'
import type { Conversation, Id, Message, Scheduled } from '../../protocol/resources'
import type { ChatNotice, Delivery, Outgoing, OutgoingFile, Reacting } from './chatState'

/** How a response is merged: requests.ts. `isKept`: it is from this device's cache, because there is no network. */
interface FromResponse {
  request: number
  isKept?: boolean
}

export type RequestEvent = { type: 'requested'; request: number } | { type: 'requestEnded'; request: number }

export type ListEvent =
  /** From the top of the list, or from `page`. */
  | ({ type: 'listLoaded'; conversations: Conversation[]; page: string | null; next: string | null } & FromResponse)
  | { type: 'listFailed'; code: string }
  | ({ type: 'conversationFetched'; conversation: Conversation } & FromResponse)
  /** It isn't one of the user's, or doesn't exist. */
  | { type: 'conversationRefused'; conversationId: Id; request: number }
  | { type: 'peopleRemoved'; conversationId: Id; userIds: Id[]; request: number }

export type ThreadEvent =
  | { type: 'threadOpened'; conversationId: Id }
  /** The range at which a conversation opens, or the newest page instead of a range that doesn't reach it. */
  | ({ type: 'stretchLoaded'; conversationId: Id; messages: Message[]; hasOlder: boolean; hasNewer: boolean } & FromResponse)
  | { type: 'threadFailed'; conversationId: Id; code: string; epoch: number }
  | { type: 'olderRequested'; conversationId: Id }
  | { type: 'olderLoaded'; conversationId: Id; before: Id; messages: Message[]; hasOlder: boolean; request: number }
  | { type: 'olderFailed'; conversationId: Id; code: string }
  | { type: 'newerRequested'; conversationId: Id }
  | { type: 'newerLoaded'; conversationId: Id; after: Id; messages: Message[]; hasNewer: boolean; request: number }
  | { type: 'newerFailed'; conversationId: Id; code: string }
  /** All messages after one, or the next page of them, within a loaded range. */
  | { type: 'messagesRefreshed'; conversationId: Id; after: Id; messages: Message[]; hasNewer: boolean; request: number }
  /** All messages after one have been refreshed. */
  | { type: 'caughtUp'; conversationId: Id; after: Id; request: number }
  | { type: 'messageEdited'; message: Message; request: number }
  | { type: 'messageDeleted'; conversationId: Id; messageId: Id; request: number }

export type OutboxEvent =
  | { type: 'written'; outgoing: Outgoing }
  | { type: 'outboxRestored'; outgoing: Outgoing[] }
  | { type: 'keptElsewhere'; outgoing: Outgoing }
  | { type: 'handedOver'; clientIds: string[] }
  /** The pause of the held messages is over. */
  | { type: 'heldReleased' }
  /** No conversation can be created with the recipient. */
  | { type: 'contactRefused'; personId: Id; code: string }
  | { type: 'retried'; clientId: string }
  | { type: 'rewritten'; clientId: string; newClientId: string; content: string; mentions: readonly Id[] }
  | { type: 'withdrawn'; clientId: string }
  /** Of an unsent message; null if it was removed. */
  | { type: 'fileChanged'; key: string; change: Partial<OutgoingFile> | null; delivery?: Delivery }

export type ScheduledEvent =
  /** Ignored if the known ones are no longer those `instead` of which it was asked for. */
  | { type: 'scheduledLoaded'; scheduled: Scheduled[]; instead: readonly Scheduled[]; epoch: number }
  | { type: 'scheduledChanged'; scheduled: Scheduled }
  | { type: 'scheduledCancelled'; id: Id }

export type ReactionEvent =
  | { type: 'reacting'; change: Reacting }
  | { type: 'reactionStored'; change: Reacting; request: number }
  | { type: 'reactionRefused'; change: Reacting }

/** The user has pinned a message, or unpinned it. */
export interface PinEvent {
  type: 'pinStored'
  conversationId: Id
  messageId: Id
  adds: boolean
  request: number
}

export type ReadingEvent =
  | { type: 'watching'; conversationId: Id | null }
  | { type: 'readReported'; conversationId: Id; messageId: Id }

export type NoticeEvent = ({ type: 'noticed' } & ChatNotice) | { type: 'noticeClosed' }

export type ChatEvent =
  | { type: 'frame'; frame: ServerFrame; at: number }
  | { type: 'linkChanged'; isConnected: boolean }
  | { type: 'typingExpired'; at: number }
  | RequestEvent
  | ListEvent
  | ThreadEvent
  | OutboxEvent
  | ScheduledEvent
  | ReactionEvent
  | PinEvent
  | ReadingEvent
  | NoticeEvent

/** The event of one type. */
export type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>
