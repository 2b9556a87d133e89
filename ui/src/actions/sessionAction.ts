import { isMe, isToken } from '../lib/decode'
import type { Me } from '../protocol'
import { apiCall } from './apiCall'

/** Answers the token. Rejects with status 400 for a wrong address or password, 429 for too many tries. */
export async function login(identity: string, password: string): Promise<string> {
  const answer = await apiCall(
    {
      method: 'POST',
      path: '/api/collections/users/auth-with-password',
      body: { identity, password },
      anonymous: true,
    },
    isToken,
  )
  return answer.token
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
