import type { TFunction } from 'i18next'
import type { fr } from './fr'
import { i18n } from './i18n'

/** The displayed text for a code of the server, also for one that is newer than this client. */
export function errorText(t: TFunction, code: string): string {
  return t(`error.${i18n.has(`error.${code}`) ? (code as keyof typeof fr.error) : 'internal'}`)
}
