import { isNumber, isShape } from '../protocol/decode'
import type { Id, Role, Timestamp } from '../protocol/resources'
import {
  type Closure, type ImportedClosures, isClosure, isImportedClosures, isPause, isRules, isRulesPreview, type Pause, type Rules, type RulesChange, type RulesPreview,
} from '../protocol/rules'
import { apiCall, apiCommand } from './apiCall'

/* For the administration of an establishment; anybody else is refused with `forbidden`. */

const pathOf = (resource: string, establishmentId: Id, rest = '') => `/api/messagerie/${resource}/${establishmentId}/${rest}`

export function fetchRules(establishmentId: Id, options: { signal?: AbortSignal } = {}): Promise<Rules> {
  return apiCall({ path: pathOf('rules', establishmentId), signal: options.signal }, isRules)
}

export function changeRules(establishmentId: Id, change: RulesChange): Promise<Rules> {
  return apiCall({ method: 'PATCH', path: pathOf('rules', establishmentId), body: change }, isRules)
}

/** What a change would close and open; nothing is changed. */
export function previewRules(establishmentId: Id, change: RulesChange): Promise<RulesPreview> {
  return apiCall({ method: 'POST', path: pathOf('rules', establishmentId, 'preview/'), body: change }, isRulesPreview)
}

export interface PauseFields {
  text: string
  /** Null: until it is lifted. */
  until: Timestamp | null
}

export function startPause(establishmentId: Id, roles: Role[], fields: PauseFields): Promise<Pause> {
  return apiCall({ method: 'POST', path: pathOf('pauses', establishmentId), body: { roles, ...fields } }, isPause)
}

export function changePause(establishmentId: Id, pauseId: Id, fields: PauseFields): Promise<void> {
  return apiCommand({ method: 'PATCH', path: pathOf('pauses', establishmentId, `${pauseId}/`), body: fields })
}

export function liftPause(establishmentId: Id, pauseId: Id): Promise<void> {
  return apiCommand({ method: 'DELETE', path: pathOf('pauses', establishmentId, `${pauseId}/`) })
}

/** Ends every session of the people with these roles, but not the caller's. Returns how many people that are. */
export async function signOutRoles(establishmentId: Id, roles: Role[]): Promise<number> {
  const isSignedOut = isShape<{ signed_out: number }>({ signed_out: isNumber })
  return (await apiCall({ method: 'POST', path: pathOf('sign-out', establishmentId), body: { roles } }, isSignedOut)).signed_out
}

export function addClosure(establishmentId: Id, closure: Omit<Closure, 'id'>): Promise<Closure> {
  return apiCall({ method: 'POST', path: pathOf('closures', establishmentId), body: closure }, isClosure)
}

/** Takes the holidays of a calendar, an .ics file. Rejects with `unreadable_file` if it can't be read. */
export function importClosures(establishmentId: Id, file: File): Promise<ImportedClosures> {
  const body = new FormData()
  body.append('file', file, file.name)
  return apiCall({ method: 'POST', path: pathOf('closures', establishmentId), body }, isImportedClosures)
}

export function removeClosure(establishmentId: Id, closureId: Id): Promise<void> {
  return apiCommand({ method: 'DELETE', path: pathOf('closures', establishmentId, `${closureId}/`) })
}
