import { ApiError } from '../actions/apiCall'
import { addLaterTexts } from '../i18n/later'

addLaterTexts()

export const shortestPassword = 8

/** What the server says about each field of a form that it refused. */
export function fieldErrors(error: unknown): Record<string, unknown> {
  return error instanceof ApiError ? error.data : {}
}

/** The text for the server's error about the password. */
export function passwordRefusal(problem: unknown) {
  switch ((problem as { code?: unknown } | null)?.code) {
    case 'password_unchanged':
      return 'password.unchanged'
    case 'password_too_common':
      return 'password.tooCommon'
    case 'password_is_personal':
      return 'password.isPersonal'
    default:
      return 'password.refused'
  }
}
