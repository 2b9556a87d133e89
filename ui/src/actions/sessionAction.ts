import { isMe, isSchool, isToken } from '../protocol/decode'
import type { Me, School } from '../protocol/resources'
import { apiCall, apiCommand } from './apiCall'
import { withSecondFactor } from './secondFactorAction'

/** Returns the token, after a code if the account has a second factor. Rejects with status 400 for a wrong address or password, 429 for too many attempts. */
export async function login(identity: string, password: string): Promise<string> {
  const path = '/api/collections/users/auth-with-password'
  const answer = apiCall({ method: 'POST', path, body: { identity, password }, anonymous: true }, isToken)
  return (await withSecondFactor(answer, (token) => ({ token }))).token
}

/** A fresh token for one that is still valid. */
export async function refreshSession(): Promise<string> {
  const answer = await apiCall({ method: 'POST', path: '/api/collections/users/auth-refresh' }, isToken)
  return answer.token
}

/** The caller, with their establishments. */
export function fetchMe(): Promise<Me> {
  return apiCall({ path: '/api/messagerie/me/' }, isMe)
}

/** What the log-in page shows about the school. */
export function fetchSchool(): Promise<School> {
  return apiCall({ path: '/api/messagerie/school/', anonymous: true }, isSchool)
}

/** Requests the mail with the link; the response is the same whether or not the address is known. */
export function requestPasswordReset(email: string): Promise<void> {
  return apiCommand({
    method: 'POST',
    path: '/api/collections/users/request-password-reset',
    body: { email },
    anonymous: true,
  })
}

/** Sets the password of the person who got the mail. Rejects with `data.token` if the link is too old or was used. */
export function confirmPasswordReset(token: string, password: string): Promise<void> {
  return apiCommand({
    method: 'POST',
    path: '/api/collections/users/confirm-password-reset',
    body: { token, password, passwordConfirm: password },
    anonymous: true,
  })
}
