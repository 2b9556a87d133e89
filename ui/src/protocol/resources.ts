/**
 * Every shape that crosses the wire, as hooks/protocol has it in Go. A sample of each
 * stands in hooks/protocol/testdata; decode.test.ts holds the two against each other.
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
  /** IANA, such as "Europe/Paris"; a server of before doesn't say. */
  timezone?: string
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
  /** Whether a forgotten password is replaced by mail; a server that doesn't say does it. */
  password_reset?: boolean
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

export const editors = ['', 'author', 'administration'] as const
/** Who made the last edit of a message, or deleted it; empty where nobody did. */
export type Editor = (typeof editors)[number]

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
  /** A server of before doesn't say. */
  edited_by?: Editor
  deleted: boolean
}

export const conversationKinds = ['direct', 'group'] as const

/** What the viewer may do; the rest is refused. */
export interface Can {
  rename: boolean
  add: boolean
  /** Others; leaving is for oneself. */
  remove: boolean
  leave: boolean
}

export interface Conversation {
  conversation_id: Id
  /** In a list `mostListed` of them at most, and the same people in `receipts`. */
  participants: User[]
  participant_count: number
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
  /** Who manages a group besides the staff in it; 0 for nobody. */
  managed_by: Id
  can: Can
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
