/**
 * Every shape that crosses the wire, as in hooks/protocol in Go. There is a sample of each in
 * hooks/protocol/testdata; decode.test.ts compares the two.
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
  /** Empty if the viewer may not see it. */
  email: string
  role: Role
}

export interface Establishment {
  id: Id
  name: string
  /** IANA, such as "Europe/Paris"; missing from an older server. */
  timezone?: string
}

export interface Me extends User {
  establishments: Establishment[]
  /** BCP 47, such as "fr"; empty leaves it to the browser. */
  locale: string
  /** Chosen by the school: the person has to choose another one first. */
  temporary_password: boolean
}

/** What everybody may see before logging in. */
export interface School {
  name: string
  /** Path of a picture on the server; empty for none. */
  logo: string
  /** Whether a forgotten password can be reset by mail; missing from an older server, which can. */
  password_reset?: boolean
}

/** How far a participant has read and received; 0 for nothing yet. */
export interface Receipt {
  user_id: Id
  last_read: Id
  last_delivered: Id
}

export const messageStatuses = ['sent', 'delivered', 'read'] as const
/** As the sender sees it: stored, received by all others, read by all others. */
export type MessageStatus = (typeof messageStatuses)[number]

export const editors = ['', 'author', 'administration'] as const
/** Who made the last edit of a message, or deleted it; empty if nobody did. */
export type Editor = (typeof editors)[number]

export interface Message {
  id: Id
  conversation_id: Id
  /** 0 if the author's account was deleted. */
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
  /** Missing from an older server. */
  edited_by?: Editor
  deleted: boolean
}

export const conversationKinds = ['direct', 'group'] as const

/** What the viewer may do; anything else is refused. */
export interface Can {
  rename: boolean
  add: boolean
  /** Remove others; to leave is `leave`. */
  remove: boolean
  leave: boolean
}

export interface Conversation {
  conversation_id: Id
  /** At most `mostListed` of them in a list, with the same people in `receipts`. */
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
  /** The participant who manages a group besides the staff in it; 0 for nobody. */
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
