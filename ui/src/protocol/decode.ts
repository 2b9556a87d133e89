import type { About } from './about'
import type { FileLimits } from './files'
import type { ServerFrame, ServerFrameType } from './frames'
import type {
  Abilities, Attachment, Can, Child, ClassSummary, Conversation, EmailAccepted, ErrorBody, Establishment, LoginProvider, Me, Message, OwnPause, OwnQuiet, Reaction, Receipt, Scheduled,
  School, SchoolClass, User,
} from './resources'
import { conversationKinds, editors, messageStatuses, postings, relations, roles, scheduledReasons, weekdays } from './resources'

/**
 * Guards for the data of a server, a proxy or a later version: a value passes if every field
 * that the client uses is there with its type. Other fields are ignored.
 */
export type Guard<T> = (value: unknown) => value is T

type Shape<T> = { [K in keyof T]-?: Guard<T[K]> }

export const isString: Guard<string> = (value): value is string => typeof value === 'string'
export const isBoolean: Guard<boolean> = (value): value is boolean => typeof value === 'boolean'
export const isNumber: Guard<number> = (value): value is number => Number.isSafeInteger(value)
/** In seconds, with fractions. */
const isDuration: Guard<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0
export const isObject: Guard<Record<string, unknown>> = (value): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function isOneOf<T extends string>(values: readonly T[]): Guard<T> {
  return (value): value is T => values.includes(value as T)
}

export function isNullOr<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value)
}

export function isAbsentOr<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value)
}

const isTimeOrNull = isNullOr(isString)

export function isArrayOf<T>(guard: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(guard)
}

const droppable = new Set<unknown>()

/** A field that is only shown beside others: if it has another shape it is dropped, and the rest is still shown. */
export function orDropped<T>(guard: Guard<T>): Guard<T | undefined> {
  const isGood = isAbsentOr(guard)
  droppable.add(isGood)
  return isGood
}

export function isShape<T>(shape: Shape<T>): Guard<T> {
  const fields = Object.entries(shape) as [string, Guard<unknown>][]
  return (value): value is T =>
    isObject(value) && fields.every(([name, guard]) => guard(value[name]) || (droppable.has(guard) && Reflect.deleteProperty(value, name)))
}

const isClasses = orDropped(isArrayOf(isShape<SchoolClass>({ id: isNumber, name: isString, head: orDropped(isBoolean) })))

const userShape: Shape<User> = {
  id: isNumber,
  first_name: isString,
  last_name: isString,
  email: isString,
  role: isOneOf(roles),
  classes: isClasses,
  children: orDropped(
    isArrayOf(
      isShape<Child>({ id: isNumber, first_name: isString, last_name: isString, relation: orDropped(isOneOf(relations)), classes: isClasses }),
    ),
  ),
}

export const isUser: Guard<User> = isShape<User>(userShape)

export const isMe: Guard<Me> = isShape<Me>({
  ...userShape,
  establishments: isArrayOf(isShape<Establishment>({ id: isNumber, name: isString, timezone: isAbsentOr(isString), quiet: orDropped(isOneOf(['off', 'defer'])) })),
  locale: isString,
  username: orDropped(isString),
  can: orDropped(isShape<Abilities>({ announce: isBoolean, mail: isBoolean, moderate: isBoolean, administer: isBoolean, urgent: isBoolean })),
  temporary_password: isBoolean,
  attachments: orDropped(isShape<FileLimits>({ types: isArrayOf(isString), max_bytes: isNumber })),
  ping_seconds: orDropped(isNumber),
  second_factor: orDropped(isOneOf(['', 'off', 'on', 'required'])),
  pause: orDropped(isNullOr(isShape<OwnPause>({ text: isString, until: isTimeOrNull }))),
  quiet: orDropped(isNullOr(isShape<OwnQuiet>({ from: isString, to: isString, days: isArrayOf(isOneOf(weekdays)) }))),
  quiet_until: orDropped(isTimeOrNull),
})

export const isSchool: Guard<School> = isShape<School>({
  about: orDropped(
    isShape<About>({ version: isString, controller: isString, privacy_contact: isString, dpo: isString, leavers_months: isNumber, leavers_messages_removed: isBoolean }),
  ),
  name: isString,
  logo: isString,
  password_reset: isAbsentOr(isBoolean),
  providers: isAbsentOr(isArrayOf(isShape<LoginProvider>({ name: isString, display_name: isString }))),
})

export const isToken: Guard<{ token: string }> = isShape<{ token: string }>({ token: isString })

export const isOwnRecord: Guard<{ record: { emailVisibility: boolean } }> = isShape<{ record: { emailVisibility: boolean } }>({
  record: isShape<{ emailVisibility: boolean }>({ emailVisibility: isBoolean }),
})

const isIds = isArrayOf(isNumber)
const isReactions = isArrayOf(isShape<Reaction>({ emoji: isString, user_ids: isIds }))

export const isAttachment: Guard<Attachment> = isShape<Attachment>({
  id: isNumber,
  name: isString,
  size: isNumber,
  type: isString,
  width: orDropped(isNumber),
  height: orDropped(isNumber),
  duration: orDropped(isDuration),
  has_thumbnail: orDropped(isBoolean),
})

export const isMessage: Guard<Message> = isShape<Message>({
  id: isNumber,
  conversation_id: isNumber,
  sender_id: isNumber,
  content: isString,
  timestamp: isString,
  is_read: isBoolean,
  client_id: isString,
  status: isOneOf(messageStatuses),
  reply_to: isNullOr(isNumber),
  edited_at: isTimeOrNull,
  edited_by: isAbsentOr(isOneOf(editors)),
  deleted: isBoolean,
  urgent: orDropped(isBoolean),
  reactions: orDropped(isReactions),
  attachments: orDropped(isArrayOf(isAttachment)),
  mentions: orDropped(isIds),
})

export const isScheduled: Guard<Scheduled> = isShape<Scheduled>({
  id: isNumber,
  conversation_id: isNumber,
  content: isString,
  client_id: isString,
  reply_to: isNullOr(isNumber),
  attachments: orDropped(isArrayOf(isNumber)),
  deliver_at: isString,
  reason: isOneOf(scheduledReasons),
  created_at: isString,
  code: isString,
})

export const isConversation: Guard<Conversation> = isShape<Conversation>({
  conversation_id: isNumber,
  participants: isArrayOf(isUser),
  participant_count: isNumber,
  last_message: isNullOr(isMessage),
  created_at: isString,
  updated_at: isString,
  unread_count: isNumber,
  kind: isOneOf(conversationKinds),
  title: isString,
  establishment_id: isNumber,
  muted: isBoolean,
  receipts: isArrayOf(isShape<Receipt>({ user_id: isNumber, last_read: isNumber, last_delivered: isNumber, joined: orDropped(isNumber) })),
  managed_by: isNumber,
  can: isShape<Can>({ rename: isBoolean, add: isBoolean, remove: isBoolean, leave: isBoolean, posting: orDropped(isBoolean), pin: orDropped(isBoolean) }),
  class_id: orDropped(isNumber),
  audience: orDropped(isArrayOf(isOneOf(roles))),
  can_write: orDropped(isBoolean),
  cannot_write: orDropped(isString),
  can_react: orDropped(isBoolean),
  posting: orDropped(isOneOf(postings)),
  muted_until: orDropped(isTimeOrNull),
  archived: orDropped(isBoolean),
  pinned: orDropped(isBoolean),
  marked_unread: orDropped(isBoolean),
  pinned_messages: orDropped(isIds),
  quiet_until: orDropped(isTimeOrNull),
})

export const isClassSummary: Guard<ClassSummary> = isShape<ClassSummary>({
  id: isNumber,
  name: isString,
  level: isString,
  year: isString,
  students: isNumber,
  teachers: isNumber,
  guardians: isNumber,
})

export const isErrorBody: Guard<ErrorBody> = isShape<ErrorBody>({
  status: isNumber,
  code: isString,
  message: isString,
  data: isObject,
})

const isRecipient = (value: unknown): value is number | string => isNumber(value) || isString(value)

export const isEmailAccepted: Guard<EmailAccepted> = isShape<EmailAccepted>({
  id: isNumber,
  accepted: isNumber,
  refused: isArrayOf(isShape<EmailAccepted['refused'][number]>({ recipient: isRecipient, code: isString })),
})

type FrameOf<T extends ServerFrameType> = Extract<ServerFrame, { type: T }>

const typing = { conversation_id: isNumber, user_id: isNumber }

/** One guard per frame: a missing type doesn't compile. */
export const serverFrameGuards: { [T in ServerFrameType]: Guard<Omit<FrameOf<T>, 'type'>> } = {
  conversations_list: isShape({ conversations: isArrayOf(isConversation), complete: isBoolean }),
  new_message: isShape({ message: isMessage }),
  message_updated: isShape({ message: isMessage }),
  message_deleted: isShape<Omit<FrameOf<'message_deleted'>, 'type'>>({
    conversation_id: isNumber,
    message_id: isNumber,
    edited_by: isAbsentOr(isOneOf(editors)),
    removed: isAbsentOr(isBoolean),
  }),
  message_reactions: isShape({ conversation_id: isNumber, message_id: isNumber, reactions: isReactions }),
  message_pins: isShape({ conversation_id: isNumber, pinned_messages: isIds }),
  conversation_events: isShape({ conversation_id: isNumber }),
  messages_read: isShape({ ...typing, message_id: isNumber, timestamp: isString }),
  messages_delivered: isShape({ ...typing, message_id: isNumber }),
  typing_start: isShape(typing),
  typing_stop: isShape(typing),
  conversation_joined: isShape({ conversation_id: isNumber }),
  error: isShape<Omit<FrameOf<'error'>, 'type'>>({
    code: isString,
    message: isString,
    conversation_id: isAbsentOr(isNumber),
    client_id: isAbsentOr(isString),
  }),
  pong: isShape({}),
  me_updated: isShape({ me: isMe }),
  message_scheduled: isShape({ scheduled: isScheduled }),
  scheduled_gone: isShape<Omit<FrameOf<'scheduled_gone'>, 'type'>>({
    id: isNumber,
    reason: isOneOf(['delivered', 'cancelled', 'refused']),
    code: isAbsentOr(isString),
  }),
}

/** Returns null for anything but a complete frame of a known type. */
export function decodeServerFrame(text: string): ServerFrame | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isObject(value) || !isString(value.type) || !Object.hasOwn(serverFrameGuards, value.type)) return null
  const guard = serverFrameGuards[value.type as ServerFrameType]
  return guard(value) ? (value as unknown as ServerFrame) : null
}
