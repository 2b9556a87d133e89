import { ar } from '../src/i18n/ar'
import { en } from '../src/i18n/en'
import { fr } from '../src/i18n/fr'
import type { Translation } from '../src/i18n/translation'

/** The client's texts, by which tests find elements. */
export type Words = Translation
export const dictionaries = { fr, en, ar }
export type Language = keyof typeof dictionaries

/** A text as a pattern, with anything in place of its placeholders. */
export function anyOf(text: string): RegExp {
  const parts = text.split(/\{\{\w+\}\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
