import { ApiError, errorCode } from '../actions/apiCall'

/** Logging in would erase the unsent texts of somebody else whose session has expired here. */
export class UnsentOfAnother extends Error {
  constructor(readonly count: number) {
    super(`${count} unsent texts of somebody else`)
    this.name = 'UnsentOfAnother'
  }
}

/** Why a form of the log-in page was refused. */
export type LoginProblem =
  | { kind: 'unsent'; count: number }
  | { kind: 'wrong' | 'disabled' | 'tooMany' }
  | { kind: 'locked'; seconds: number }
  | { kind: 'code'; code: string }

/** PocketBase refuses a log-in with plain statuses: 400 covers a wrong address and a wrong password alike. */
export function loginProblem(error: unknown): LoginProblem {
  if (error instanceof UnsentOfAnother) return { kind: 'unsent', count: error.count }
  if (error instanceof ApiError && error.code !== 'second_factor_needed') {
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
