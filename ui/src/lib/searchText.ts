import folding from './folding.json'

const letters = new Map(Object.entries(folding.letters).flatMap(([spelt, forms]) => Array.from(forms, (form) => [form, spelt])))

const foldable = new RegExp(`[${[...letters.keys()].join('')}]`, 'gu')
/** Accents, vowel signs and default ignorable characters, such as zero-width spaces. */
const ignored = new RegExp(`[${folding.ignored}\\p{Mn}\\p{Me}\\p{Cf}\\p{Default_Ignorable_Code_Point}]`, 'gu')
const joiner = new RegExp(`[${folding.joiners}\\p{Pd}]`, 'gu')
const between = /(?:[^\p{L}\p{N}\p{Mc}-]|--)+/u

/** Most names need no folding. */
const isPlain = /^[a-z0-9 ]*$/

/** The words of a text, split as by the server's `hooks/words`; words with a single apostrophe or dash between them are together. */
function split(text: string): string[][] {
  let folded = text.toLowerCase()
  if (!isPlain.test(folded)) {
    folded = text
      .normalize('NFKD')
      .toLowerCase()
      .replace(foldable, (letter) => letters.get(letter) ?? letter)
      .replace(ignored, '')
      .replace(joiner, '-')
  }
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
