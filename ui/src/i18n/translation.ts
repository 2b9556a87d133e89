import type { fr } from './fr'
import type { frLater } from './frLater'

/** All French texts, which define the keys. */
export type French = typeof fr & typeof frLater

/** The same keys with other texts. */
export type SameKeys<T> = { [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> }

/** French has two plural forms, Arabic six. */
export type SixPlurals<T> = { [K in keyof T]: T[K] extends string ? string : SixPlurals<T[K]> } & {
  [K in keyof T as K extends `${infer Stem}_other` ? `${Stem}_${'zero' | 'two' | 'few' | 'many'}` : never]: string
}

/** A key that is in French but not in another language doesn't compile. */
export type Translation = SameKeys<French>
export type ArabicTranslation = SixPlurals<French>
