/**
 * Every shape that crosses the wire, as hooks/protocol has it in Go. A sample of each
 * stands in hooks/protocol/testdata; protocol.test.ts holds the two against each other.
 */

/** A record's number, below 2^53; 0 for none. */
export type Id = number

/** RFC 3339 in UTC with `Z` and milliseconds: the order of texts is the order of times. */
export type Timestamp = string

export const roles = ['admin', 'teacher', 'staff', 'parent', 'student'] as const
export type Role = (typeof roles)[number]

export interface User {
  id: Id
  first_name: string
  last_name: string
  /** Empty where the viewer may not see it. */
  email: string
  role: Role
}

export interface Establishment {
  id: Id
  name: string
}

export interface Me extends User {
  establishments: Establishment[]
  /** BCP 47, such as "fr"; empty leaves it to the browser. */
  locale: string
  /** Chosen by the school: the person is to choose another first. */
  temporary_password: boolean
}

/** What everybody may see before logging in. */
export interface School {
  name: string
  /** Path of a picture on the server; empty for none. */
  logo: string
}

/** How far a participant has come; 0 for nothing yet. */
export interface Receipt {
  user_id: Id
  last_read: Id
  last_delivered: Id
}

export const messageStatuses = ['sent', 'delivered', 'read'] as const
/** As the sender sees it: stored, received by all others, read by all others. */
export type MessageStatus = (typeof messageStatuses)[number]

export interface Message {
  id: Id
  conversation_id: Id
  /** 0 where the author's account was deleted. */
  sender_id: Id
  /** Empty once deleted. */
  content: string
  timestamp: Timestamp
  /** By every other participant for the sender; by the viewer for anyone else. */
  is_read: boolean
  client_id: string
  status: MessageStatus
  reply_to: Id | null
  edited_at: Timestamp | null
  deleted: boolean
}

export const conversationKinds = ['direct', 'group'] as const

export interface Conversation {
  conversation_id: Id
  participants: User[]
  last_message: Message | null
  created_at: Timestamp
  /** Time of the last message, else of the creation. */
  updated_at: Timestamp
  unread_count: number
  kind: (typeof conversationKinds)[number]
  title: string
  establishment_id: Id
  muted: boolean
  receipts: Receipt[]
}

/** The body of every refused request. */
export interface ErrorBody {
  status: number
  code: string
  message: string
  data: Record<string, unknown>
}

export interface EmailAccepted {
  id: Id
  accepted: number
  refused: { recipient: Id | string; code: string }[]
}

export type ServerFrame =
  /** The most recent ones; `complete` when there are no others. */
  | { type: 'conversations_list'; conversations: Conversation[]; complete: boolean }
  | { type: 'new_message'; message: Message }
  | { type: 'message_updated'; message: Message }
  | { type: 'message_deleted'; conversation_id: Id; message_id: Id }
  | { type: 'messages_read'; conversation_id: Id; user_id: Id; message_id: Id; timestamp: Timestamp }
  | { type: 'messages_delivered'; conversation_id: Id; user_id: Id; message_id: Id }
  | { type: 'typing_start'; conversation_id: Id; user_id: Id }
  | { type: 'typing_stop'; conversation_id: Id; user_id: Id }
  | { type: 'conversation_joined'; conversation_id: Id }
  | { type: 'error'; code: string; message: string; conversation_id?: Id; client_id?: string }
  | { type: 'pong' }

export type ServerFrameType = ServerFrame['type']

export type ClientFrame =
  | { type: 'chat_message'; conversation_id: Id; message: string; client_id?: string; reply_to?: Id }
  | { type: 'typing_start'; conversation_id: Id }
  | { type: 'typing_stop'; conversation_id: Id }
  | { type: 'mark_as_read'; conversation_id: Id; message_id?: Id }
  | { type: 'join_conversation'; conversation_id: Id }
  | { type: 'ping' }

export type ClientFrameType = ClientFrame['type']

/** After these a client doesn't come back; after any other it does, with backoff. */
export const closeUnauthorized = 4401
export const closeAccountDisabled = 4403

/** The server's default; it may be configured lower, then it refuses with a code. */
export const maxContentLength = 10_000
