import { isArrayOf, isScheduled } from '../protocol/decode'
import type { Id, Scheduled, Timestamp } from '../protocol/resources'
import { apiCall, apiCommand } from './apiCall'

/** The caller's messages that aren't delivered yet, the next one first. */
export function fetchScheduled(options: { signal?: AbortSignal } = {}): Promise<Scheduled[]> {
  return apiCall({ path: '/api/messagerie/scheduled/', signal: options.signal }, isArrayOf(isScheduled))
}

/** One that was refused waits again. With a time that is over it is delivered at once. */
export function changeScheduled(id: Id, change: { content?: string; deliver_at?: Timestamp }): Promise<Scheduled> {
  return apiCall({ method: 'PATCH', path: `/api/messagerie/scheduled/${id}/`, body: change }, isScheduled)
}

export function cancelScheduled(id: Id): Promise<void> {
  return apiCommand({ method: 'DELETE', path: `/api/messagerie/scheduled/${id}/` })
}
