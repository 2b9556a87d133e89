import type { TFunction } from 'i18next'
import { ApiError, errorCode } from '../actions/apiCall'
import { errorText } from '../i18n/errorText'

/** PocketBase answers a login with plain statuses: 400 covers a wrong address and a wrong password alike. */
export function loginError(t: TFunction, error: unknown): string {
  if (error instanceof ApiError) {
    if (error.status === 400 || error.status === 401) return t('login.wrong')
    if (error.status === 403) return t('login.disabled')
    if (error.status === 429) {
      return error.retryAfter === null ? t('login.tooMany') : t('login.tooManyFor', { count: error.retryAfter })
    }
  }
  return errorText(t, errorCode(error))
}
