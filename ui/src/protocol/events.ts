import { type Guard, isArrayOf, isNullOr, isNumber, isShape, isString } from './decode'
import type { Id, Timestamp } from './resources'

/** Somebody by name, who may have left the conversation since. */
export interface EventPerson {
  id: Id
  first_name: string
  last_name: string
}

export const eventKinds = ['created', 'renamed', 'added', 'removed', 'joined', 'left'] as const
export type EventKind = (typeof eventKinds)[number]

/** Something that happened in a group; its id places it among the messages. */
export interface ConversationEvent {
  id: Id
  /** A later server may know others than `eventKinds`. */
  kind: string
  /** `class`, `administration`, or empty for a person. */
  cause: string
  /** Null if nobody did it, or their account was deleted. */
  actor: EventPerson | null
  /** Some of those to whom it happened. */
  people: EventPerson[]
  /** Of all of them. */
  count: number
  title: string
  timestamp: Timestamp
}

const isPerson = isShape<EventPerson>({ id: isNumber, first_name: isString, last_name: isString })

export const isConversationEvent: Guard<ConversationEvent> = isShape<ConversationEvent>({
  id: isNumber,
  kind: isString,
  cause: isString,
  actor: isNullOr(isPerson),
  people: isArrayOf(isPerson),
  count: isNumber,
  title: isString,
  timestamp: isString,
})
