import { ApiError, errorCode } from '../actions/apiCall'

/** Why a form of the login page was refused. */
export type LoginProblem =
  | { kind: 'wrong' | 'disabled' | 'tooMany' }
  | { kind: 'locked'; seconds: number }
  | { kind: 'code'; code: string }

/** PocketBase answers a login with plain statuses: 400 covers a wrong address and a wrong password alike. */
export function loginProblem(error: unknown): LoginProblem {
  if (error instanceof ApiError) {
    if (error.status === 400 || error.status === 401) return { kind: 'wrong' }
    if (error.status === 403) return { kind: 'disabled' }
    if (error.status === 429) return lockoutProblem(error)
  }
  return { kind: 'code', code: errorCode(error) }
}

/** The same for forms where a 400 has other reasons. */
export function requestProblem(error: unknown): LoginProblem {
  return error instanceof ApiError && error.status === 429 ? lockoutProblem(error) : { kind: 'code', code: errorCode(error) }
}

function lockoutProblem({ retryAfter }: ApiError): LoginProblem {
  return retryAfter === null ? { kind: 'tooMany' } : { kind: 'locked', seconds: retryAfter }
}
