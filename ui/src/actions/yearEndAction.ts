import type { Id } from '../protocol/resources'
import { isRosterPlan, type RosterPlan } from '../protocol/roster'
import { isYearEnd, type YearEnd, type YearEndAction } from '../protocol/yearEnd'
import { apiCall } from './apiCall'

/** What the administration has decided. */
export interface YearEndDecisions {
  year: string
  keep_teachers: boolean
  /** Students who neither leave with their class nor are promoted. */
  staying: Id[]
  classes: { id: Id; action: YearEndAction; becomes: string; becomes_level: string }[]
}

/** What could become of the classes of earlier years. */
export function fetchYearEnd(establishmentId: Id, options: { signal?: AbortSignal } = {}): Promise<YearEnd> {
  return apiCall({ path: yearEndPath(establishmentId), signal: options.signal }, isYearEnd)
}

/** Plans the end of the school year; nothing changes before the plan is applied, like that of an import. */
export function planYearEnd(establishmentId: Id, decisions: YearEndDecisions): Promise<RosterPlan> {
  return apiCall({ method: 'POST', path: yearEndPath(establishmentId), body: decisions }, isRosterPlan)
}

function yearEndPath(establishmentId: Id): string {
  return `/api/messagerie/roster/${establishmentId}/year-end/`
}
