import { type Guard, isAbsentOr, isArrayOf, isBoolean, isNullOr, isNumber, isObject, isOneOf, isShape, isString, isUser, orDropped } from './decode'
import type { Id, Timestamp, User } from './resources'

/*
 * A school's people from files: what an import would change, and one-time codes. A server may know
 * formats, states and fields that this client doesn't: texts are checked to be texts, and shown as they are.
 */

/** How many of each action: created, updated, unchanged, leaving, returning, removed. */
export type Counts = Record<string, number>

export interface RosterChange {
  /** One of the keys of `counts`. */
  kind: string
  action: string
  before: Row | null
  after: Row | null
}

/** The fields of something that changes, by name. */
export type Row = Record<string, unknown>

export interface RosterProblem {
  file: string
  /** From 1; 0 is for the whole file, or the whole line. */
  line: number
  column: number
  code: string
  /** In French. */
  message: string
  /** If there is something to decide: what the decision is stored under, and the people who may be meant. */
  key?: string
  candidates?: Candidate[]
}

/** Somebody whom a row may be about. */
export interface Candidate extends User {
  birth_date: string
  /** They have left the establishment. */
  left: boolean
}

/** A column of a table, and the field that it was taken for; empty for none. */
export interface RosterColumn {
  header: string
  field: string
}

export interface RosterPlan {
  id: Id
  /** planned, applying, applied, failed, undoing, undone, or one that this client doesn't know. */
  state: string
  /** From 0 to 1; while it is undone, back to 0. */
  progress: number
  format: string
  encoding: string
  files: { name: string; rows: number }[]
  counts: Record<string, Counts>
  /** A page. */
  changes: RosterChange[]
  /** The first ones, and all that need a decision. */
  problems: RosterProblem[]
  problem_count: number
  /** The school year, such as 2026-2027. */
  year: string
  /** Only of tables. */
  columns: RosterColumn[]
  created_at: Timestamp
  applied_at: Timestamp | null
  /** Whether it is the last import that was applied. */
  can_undo: boolean
}

/** What becomes of the address that somebody gave with their code: its confirmation is on the way, or it wasn't noted. */
export const addressOutcomes = ['to_confirm', 'mail_unavailable'] as const
export type AddressOutcome = (typeof addressOutcomes)[number]

/** The response to a code: a token as for a log-in. `meta` is absent if no address was given. */
export interface Welcomed {
  token: string
  meta?: { email: AddressOutcome }
}

export interface AccessCode {
  user: User
  /** Empty if the person logs in with their address. */
  username: string
  code: string
  expires_at: Timestamp
}

const isFraction: Guard<number> = (value): value is number => typeof value === 'number' && value >= 0 && value <= 1

function isRecordOf<T>(guard: Guard<T>): Guard<Record<string, T>> {
  return (value): value is Record<string, T> => isObject(value) && Object.values(value).every(guard)
}

const isRow = isNullOr<Row>(isObject)

const hasAge = isShape<Pick<Candidate, 'birth_date' | 'left'>>({ birth_date: isString, left: isBoolean })
const isCandidate: Guard<Candidate> = (value): value is Candidate => isUser(value) && hasAge(value)

export const isRosterPlan: Guard<RosterPlan> = isShape<RosterPlan>({
  id: isNumber,
  state: isString,
  progress: isFraction,
  format: isString,
  encoding: isString,
  files: isArrayOf(isShape<RosterPlan['files'][number]>({ name: isString, rows: isNumber })),
  counts: isRecordOf(isRecordOf(isNumber)),
  changes: isArrayOf(isShape<RosterChange>({ kind: isString, action: isString, before: isRow, after: isRow })),
  problems: isArrayOf(
    isShape<RosterProblem>({
      file: isString,
      line: isNumber,
      column: isNumber,
      code: isString,
      message: isString,
      key: isAbsentOr(isString),
      candidates: isAbsentOr(isArrayOf(isCandidate)),
    }),
  ),
  problem_count: isNumber,
  year: isString,
  columns: isArrayOf(isShape<RosterColumn>({ header: isString, field: isString })),
  created_at: isString,
  applied_at: isNullOr(isString),
  can_undo: isBoolean,
})

export const isAccessCode: Guard<AccessCode> = isShape<AccessCode>({
  user: isUser,
  username: isString,
  code: isString,
  expires_at: isString,
})

export const isWelcomed: Guard<Welcomed> = isShape<Welcomed>({
  token: isString,
  meta: orDropped(isShape<{ email: AddressOutcome }>({ email: isOneOf(addressOutcomes) })),
})
