import folding from './folding.json'

type Folding = (text: string) => { folded: string; between: RegExp }

/** Of all scripts. Its expressions take some milliseconds to be made. */
function anyFolding(): Folding {
  const letters = new Map(Object.entries(folding.letters).flatMap(([spelt, forms]) => Array.from(forms, (form) => [form, spelt])))
  const foldable = new RegExp(`[${[...letters.keys()].join('')}]`, 'gu')
  /** Accents, vowel signs and default ignorable characters, such as zero-width spaces. */
  const ignored = new RegExp(`[${folding.ignored}\\p{Mn}\\p{Me}\\p{Cf}\\p{Default_Ignorable_Code_Point}]`, 'gu')
  const joiner = new RegExp(`[${folding.joiners}\\p{Pd}]`, 'gu')
  const between = /(?:[^\p{L}\p{N}\p{Mc}-]|--)+/u
  return (text) => ({ folded: text.replace(foldable, (letter) => letters.get(letter) ?? letter).replace(ignored, '').replace(joiner, '-'), between })
}

/** The accents of French, and of most names, once they are separate characters. */
const accents = /[\u0300-\u0344\u0346-\u036f]/g
const plain = /^[a-z0-9 '’-]*$/
const betweenPlain = /(?: |--)+/

let made: Folding | undefined

/** Most names have only Latin letters, and need nothing but their accents removed. */
function foldingOf(text: string): ReturnType<Folding> {
  const bare = text.replace(accents, '')
  if (plain.test(bare)) return { folded: bare.replace(/['’]/g, '-'), between: betweenPlain }
  made ??= anyFolding()
  return made(bare)
}

/** The words of a text, split as by the server's `hooks/words`; words with a single apostrophe or dash between them are together. */
function split(text: string): string[][] {
  const { folded, between } = foldingOf(text.normalize('NFKD').toLowerCase())
  return folded
    .split(between)
    .map((compound) => compound.split('-').filter(Boolean))
    .filter((words) => words.length > 0)
}

/** The words of a query: case folded, without accents, ligatures spelt out. */
export function wordsOf(text: string): string[] {
  return split(text).flat()
}

/** The words that a text can be found by: its own, and names of several joined into one: "O’Brien" also as "obrien". */
export function indexOf(text: string): string[] {
  return split(text).flatMap((words) => (words.length > 1 ? [...words, words.join('')] : words))
}

/** Returns a function that checks whether every word of the query begins one of some words: "jero" finds Jérôme, "jean-b" Jean-Baptiste. */
export function matcherOf(query: string): (words: readonly string[]) => boolean {
  const parts = wordsOf(query)
  // A query of symbols alone matches nothing.
  if (parts.length === 0) return () => query.trim() === ''
  return (words) => parts.every((part) => words.some((word) => word.startsWith(part)))
}
