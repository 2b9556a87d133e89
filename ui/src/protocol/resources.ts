/**
 * Every shape that crosses the wire, as in hooks/protocol in Go. There is a sample of each in
 * hooks/protocol/testdata; decode.test.ts compares the two.
 */
import type { About } from './about'
import type { FileLimits } from './files'

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
  /** A student's, or those that somebody teaches, as far as the viewer may see them; absent for none. */
  classes?: SchoolClass[]
  /** A guardian's, likewise. */
  children?: Child[]
}

/** A class or a teaching group of this school year, beside somebody's name. */
export interface SchoolClass {
  id: Id
  name: string
  /** Beside a teacher's name: the head teacher of this class. */
  head?: boolean
}

export const relations = ['mother', 'father', 'guardian', 'relative'] as const
/** Who a guardian is to a child. */
export type Relation = (typeof relations)[number]

/** A student beside the name of somebody who is responsible for them. */
export interface Child {
  id: Id
  first_name: string
  last_name: string
  /** Absent if it isn't known. */
  relation?: Relation
  classes?: SchoolClass[]
}

/** A class with how many people are in it. */
export interface ClassSummary {
  id: Id
  name: string
  level: string
  /** Such as "2026-2027". */
  year: string
  students: number
  teachers: number
  /** Of its students, each counted once. */
  guardians: number
}

export interface Establishment {
  id: Id
  name: string
  /** IANA, such as "Europe/Paris"; missing from an older server. */
  timezone?: string
  /** Whether it keeps quiet hours; missing from an older server. */
  quiet?: 'off' | 'defer'
}

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof weekdays)[number]

/** Somebody's own quiet hours: every day from one time to another, such as "20:00" to "07:00", and whole days. */
export interface OwnQuiet {
  from: string
  to: string
  days: Weekday[]
}

/** While writing is paused for somebody's role; `until` null: until it is lifted. */
export interface OwnPause {
  text: string
  until: Timestamp | null
}

/** Empty for people who can't have a second factor; `required` if it has to be set up before anything else. */
export type SecondFactorState = '' | 'off' | 'on' | 'required'

export interface Me extends User {
  establishments: Establishment[]
  /** BCP 47, such as "fr"; empty leaves it to the browser. */
  locale: string
  /** To log in with besides the address; empty for none. These two are missing from an older server. */
  username?: string
  can?: Abilities
  /** Chosen by the school: the person has to choose another one first. */
  temporary_password: boolean
  /** Missing from an older server. */
  attachments?: FileLimits
  /** How often the socket is asked for a sign of life; missing: as the client likes. */
  ping_seconds?: number
  /** Missing from an older server. */
  second_factor?: SecondFactorState
  /** These three are missing from an older server. */
  pause?: OwnPause | null
  quiet?: OwnQuiet | null
  /** Set while the person is left in peace, by their own hours or their school's: notifications rest until then. */
  quiet_until?: Timestamp | null
}

/** What the caller may do besides writing messages. */
export interface Abilities {
  announce: boolean
  mail: boolean
  moderate: boolean
  /** The people and classes of their establishments. */
  administer: boolean
  urgent: boolean
}

/** What everybody may see before logging in. */
export interface School {
  name: string
  /** Path of a picture on the server; empty for none. */
  logo: string
  /** Whether a forgotten password can be reset by mail; missing from an older server, which can. */
  password_reset?: boolean
  /** Other ways to log in than a password; missing from an older server. */
  providers?: LoginProvider[]
  /** Missing from an older server. */
  about?: About
}

/** A provider where people have an account that they may log in with. */
export interface LoginProvider {
  name: string
  /** Empty for the school's own. */
  display_name: string
}

/** How far a participant has read and received; 0 for nothing yet. */
export interface Receipt {
  user_id: Id
  last_read: Id
  last_delivered: Id
  /** What was sent before they took part has a smaller id. Missing from an older server. */
  joined?: Id
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
  /** Delivered in spite of quiet hours; missing from an older server. */
  urgent?: boolean
  /** In the order in which they were first used; missing from an older server, without any. */
  reactions?: Reaction[]
  /** Its files, in the sender's order; missing from an older server, without any. */
  attachments?: Attachment[]
  /** The participants that its author mentioned; missing from an older server, without any. */
  mentions?: Id[]
}

/** A file of a message. It never changes. */
export interface Attachment {
  id: Id
  name: string
  /** In bytes. */
  size: number
  /** A MIME type without parameters, as the server recognised it. */
  type: string
  /** In pixels, of a picture or a video; 0 or absent if unknown. */
  width?: number
  height?: number
  /** Of a sound or a video, in seconds; 0 or absent if unknown. */
  duration?: number
  has_thumbnail?: boolean
}

/** An emoji, and the people who have reacted with it, in the order in which they did. */
export interface Reaction {
  emoji: string
  user_ids: Id[]
}

/** Why a message waits: its author chose a time, or somebody it goes to has quiet hours. */
export const scheduledReasons = ['scheduled', 'quiet_hours'] as const

/** A message that isn't delivered yet; only its author sees it. */
export interface Scheduled {
  id: Id
  conversation_id: Id
  content: string
  client_id: string
  reply_to: Id | null
  /** Missing from an older server. */
  attachments?: Id[]
  deliver_at: Timestamp
  reason: (typeof scheduledReasons)[number]
  created_at: Timestamp
  /** Empty while it waits; else why it was refused when it was due: it stays until its author deletes or changes it. */
  code: string
}

/** Whether all write in a group, or only its staff. */
export const postings = ['all', 'staff'] as const
export type Posting = (typeof postings)[number]

export const conversationKinds = ['direct', 'group'] as const

/** What the viewer may do; anything else is refused. */
export interface Can {
  rename: boolean
  add: boolean
  /** Remove others; to leave is `leave`. */
  remove: boolean
  leave: boolean
  /** Change who writes in it; missing from an older server. */
  posting?: boolean
  /** Pin messages and unpin them; missing from an older server. */
  pin?: boolean
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
  /** The class that a group follows, 0 or absent for none, with the roles of those who are in it. */
  class_id?: Id
  audience?: Role[]
  /** These are missing from an older server, where one may write. `cannot_write` is the code of the reason. */
  can_write?: boolean
  cannot_write?: string
  /** Missing from an older server, which has no reactions. */
  can_react?: boolean
  posting?: Posting
  /** What it is to the user alone; missing from an older server. A mute without `muted_until` doesn't end by itself. */
  muted_until?: Timestamp | null
  archived?: boolean
  pinned?: boolean
  marked_unread?: boolean
  /** In the order in which they were pinned, for everybody; missing from an older server, which pins none. */
  pinned_messages?: Id[]
  /** When a message that is sent now would be delivered, if that is later. */
  quiet_until?: Timestamp | null
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
