import { listFormat, numberFormat } from '../i18n/formats'
import { i18n } from '../i18n/i18n'
import { localeOf } from '../i18n/time'

/** "1 234" in French, "1,234" in English. */
export function numberText(language: string, value: number): string {
  return numberFormat(localeOf(language)).format(value)
}

/** "a, b et c". Names keep their own direction inside a list that runs the other way. */
export function listText(language: string, parts: string[]): string {
  return listFormat(language, { type: 'conjunction' }).format(i18n.dir(language) === 'rtl' ? parts.map((part) => `\u2068${part}\u2069`) : parts)
}
