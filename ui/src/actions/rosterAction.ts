import { isArrayOf } from '../protocol/decode'
import type { Id, Role } from '../protocol/resources'
import { type AccessCode, isAccessCode, isRosterPlan, isWelcomed, type RosterPlan, type Welcomed } from '../protocol/roster'
import { apiCall, apiCommand, apiPart } from './apiCall'
import { withSecondFactor } from './secondFactorAction'

/** What a table doesn't say by itself. */
export interface TableOptions {
  /** What each column is: a field by header, empty for a column that isn't used. */
  columns: Record<string, string>
  /** Of the people, where no column says so. */
  role: Role
  /** Whether it names everybody who has one of the roles in it: others have left. */
  isComplete: boolean
}

/** Has files read and compared; nothing changes yet. Rejects with `unreadable_file` if one can't be read at all. */
export function planRoster(establishmentId: Id, files: File[], options: { table?: TableOptions; signal?: AbortSignal } = {}): Promise<RosterPlan> {
  const { table, signal } = options
  const body = new FormData()
  for (const file of files) body.append('files', file, file.name)
  if (table) {
    body.append('columns', JSON.stringify(table.columns))
    body.append('role', table.role)
    body.append('complete', String(table.isComplete))
  }
  return apiCall({ method: 'POST', path: rosterPath(establishmentId), query: table ? { format: 'table' } : {}, body, signal }, isRosterPlan)
}

/** Earlier imports, the newest first, without their changes. */
export function fetchRosters(establishmentId: Id, options: { signal?: AbortSignal } = {}): Promise<RosterPlan[]> {
  return apiCall({ path: rosterPath(establishmentId), signal: options.signal }, isArrayOf(isRosterPlan))
}

export function fetchRoster(establishmentId: Id, planId: Id, options: { signal?: AbortSignal } = {}): Promise<RosterPlan> {
  return apiCall({ path: rosterPath(establishmentId, planId), signal: options.signal }, isRosterPlan)
}

/** The plan with a page of its changes of one kind and action. `next` is the query of the following page, or null. */
export function fetchChanges(
  establishmentId: Id,
  planId: Id,
  options: { kind: string; action: string; page?: string; signal?: AbortSignal },
): Promise<{ value: RosterPlan; next: string | null }> {
  const { kind, action, page, signal } = options
  const query = page ? Object.fromEntries(new URLSearchParams(page)) : { kind, action, limit: changesPerPage }
  return apiPart({ path: rosterPath(establishmentId, planId), query, signal }, isRosterPlan)
}

const changesPerPage = 100

/** Who a person of the files is: somebody of the establishment, or new. */
export type Decision = Id | 'new'

/** Begins to apply a plan, in the background. Rejects with `plan_outdated` if people have changed since. */
export function applyRoster(establishmentId: Id, planId: Id, decisions: Record<string, Decision>): Promise<void> {
  return apiCommand({ method: 'POST', path: `${rosterPath(establishmentId, planId)}apply/`, body: { decisions } })
}

/** Begins to undo the last import, in the background. */
export function undoRoster(establishmentId: Id, planId: Id): Promise<void> {
  return apiCommand({ method: 'POST', path: `${rosterPath(establishmentId, planId)}undo/` })
}

function rosterPath(establishmentId: Id, planId?: Id): string {
  return `/api/messagerie/roster/${establishmentId}/${planId === undefined ? '' : `${planId}/`}`
}

/** Whose codes: chosen people, those of a class, those of a role, or those of a class who have a role. */
export interface CodeAudience {
  users?: Id[]
  class_id?: Id
  role?: string
}

/** Fresh one-time codes; older ones of these people are void. */
export function createAccessCodes(establishmentId: Id, audience: CodeAudience): Promise<AccessCode[]> {
  return apiCall({ method: 'POST', path: `/api/messagerie/access-codes/${establishmentId}/`, body: audience }, isArrayOf(isAccessCode))
}

export interface Welcome {
  username: string
  code: string
  password: string
  /** Confirmed by mail before it counts. */
  email?: string
}

/** Exchanges a one-time code for a password, and returns a token. Rejects with `invalid_access_code` for a wrong, old or used one. */
export function welcome(fields: Welcome): Promise<Welcomed> {
  const answer = apiCall({ method: 'POST', path: '/api/messagerie/welcome/', body: fields, anonymous: true }, isWelcomed)
  return withSecondFactor(answer, (token) => ({ token }))
}

/** Confirms the address that a mail was sent to. Rejects with `data.token` if the link is too old or was used. */
export function confirmAddress(token: string, password: string): Promise<void> {
  return apiCommand({
    method: 'POST',
    path: '/api/collections/users/confirm-email-change',
    body: { token, password },
    anonymous: true,
  })
}
