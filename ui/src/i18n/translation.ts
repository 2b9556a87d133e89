import type { fr } from './fr'

type SameKeys<T> = { [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> }

/** French has two plural forms, Arabic six. */
type SixPlurals<T> = { [K in keyof T]: T[K] extends string ? string : SixPlurals<T[K]> } & {
  [K in keyof T as K extends `${infer Stem}_other` ? `${Stem}_${'zero' | 'two' | 'few' | 'many'}` : never]: string
}

/** A key that is in French but not in another language doesn't compile. */
export type Translation = SameKeys<typeof fr>
export type ArabicTranslation = SixPlurals<typeof fr>
