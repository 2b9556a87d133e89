import { isArrayOf, isBoolean, isNumber, isShape, isString, isUser } from './decode'
import type { User } from './resources'

/** What became of the people who were to be invited. */
export interface Invitations {
  invited: number
  results: InvitationResult[]
}

export interface InvitationResult {
  user: User
  /** One of `invitationResults`, or one that this client doesn't know. */
  result: string
}

export const invitationResults = ['invited', 'no_address', 'has_access', 'already_sent', 'bounced', 'queue_full'] as const

/** How far people are on their way in; each is counted once. */
export interface InvitationCounts {
  /** Whether the server sends mail. */
  available: boolean
  /** Mails that it sends in an hour, 0 for no limit. */
  per_hour: number
  people: number
  joined: number
  no_address: number
  /** Have an address, and weren't invited to it. */
  new: number
  waiting: number
  /** And haven't come yet. */
  sent: number
  failed: number
  /** The first of those who failed. */
  failures: InvitationFailure[]
}

export interface InvitationFailure {
  user: User
  /** The mail server's words. */
  reason: string
}

export const isInvitations = isShape<Invitations>({
  invited: isNumber,
  results: isArrayOf(isShape<InvitationResult>({ user: isUser, result: isString })),
})

export const isInvitationCounts = isShape<InvitationCounts>({
  available: isBoolean,
  per_hour: isNumber,
  people: isNumber,
  joined: isNumber,
  no_address: isNumber,
  new: isNumber,
  waiting: isNumber,
  sent: isNumber,
  failed: isNumber,
  failures: isArrayOf(isShape<InvitationFailure>({ user: isUser, reason: isString })),
})
