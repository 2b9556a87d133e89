import type { TFunction } from 'i18next'
import { fr } from './fr'

/** The displayed text for a code of the server, also for one that is newer than this client. */
export function errorText(t: TFunction, code: string): string {
  return Object.hasOwn(fr.error, code) ? t(`error.${code as keyof typeof fr.error}`) : t('error.internal')
}
