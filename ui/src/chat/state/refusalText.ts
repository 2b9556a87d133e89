import type { TFunction } from 'i18next'
import { ApiError, errorCode } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { fullName } from '../../i18n/personName'
import type { User } from '../../protocol/resources'

addLaterTexts()

/** Why a group, or somebody in it, was refused; names those of the people whom the server means. */
export function refusalText(t: TFunction, language: string, error: unknown, people: readonly User[]): string {
  const code = errorCode(error)
  const ids = error instanceof ApiError && Array.isArray(error.data.participants) ? (error.data.participants as unknown[]) : []
  const meant = people.filter((person) => ids.includes(person.id)).map(fullName)
  const names = new Intl.ListFormat(language).format(meant)
  if (code === 'has_left' && meant.length > 0) return t('details.hasLeft', { count: meant.length, names })
  if (code !== 'contact_not_allowed') return errorText(t, code)
  return `${meant.length > 0 ? t('cannotWrite.groupWith', { names }) : t('cannotWrite.group')} ${t('cannotWrite.groupHint')}`
}
