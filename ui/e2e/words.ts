import { ar } from '../src/i18n/ar'
import { en } from '../src/i18n/en'
import { fr } from '../src/i18n/fr'
import type { Translation } from '../src/i18n/translation'

/** What the client says, for those who look for it by its name. */
export type Words = Translation
export const dictionaries = { fr, en, ar }
export type Language = keyof typeof dictionaries

/** A text with its gaps open: whoever it greets, however many it counts. */
export function anyOf(text: string): RegExp {
  const parts = text.split(/\{\{\w+\}\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
