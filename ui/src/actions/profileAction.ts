import { isMe, isOwnRecord, isToken } from '../protocol/decode'
import type { Id, Me, OwnQuiet } from '../protocol/resources'
import { apiCall, apiCommand } from './apiCall'

export interface Profile {
  /** Whether people who aren't staff see the address. */
  emailVisibility: boolean
}

/** What `me` doesn't include; this is the only place where PocketBase returns people their own record. */
export async function fetchProfile(): Promise<Profile> {
  const { record } = await apiCall({ method: 'POST', path: '/api/collections/users/auth-refresh' }, isOwnRecord)
  return { emailVisibility: record.emailVisibility }
}

export function changeProfile(userId: Id, fields: Partial<Profile> & { locale?: string }): Promise<void> {
  return apiCommand({ method: 'PATCH', path: recordPath(userId), body: fields })
}

/** Sets one's own quiet hours, or removes them. */
export function changeQuiet(quiet: OwnQuiet | null): Promise<Me> {
  return apiCall({ method: 'PATCH', path: '/api/messagerie/me/', body: { quiet } }, isMe)
}

/**
 * Voids every token of the caller and returns a new one for this device. Rejects with `invalid_password` if the old
 * password is wrong, and with `data.password` if the new one is refused.
 */
export async function changePassword(oldPassword: string, password: string): Promise<string> {
  const body = { old_password: oldPassword, password }
  return (await apiCall({ method: 'POST', path: '/api/messagerie/me/password/', body }, isToken)).token
}

/** Likewise. */
export async function signOutEverywhere(): Promise<string> {
  return (await apiCall({ method: 'POST', path: '/api/messagerie/me/sign-out-everywhere/' }, isToken)).token
}

/** PocketBase's ids are texts: the number with zeros before it. */
function recordPath(userId: Id): string {
  return `/api/collections/users/records/${String(userId).padStart(16, '0')}`
}
