/** Letters of European names that Unicode leaves whole and that people type otherwise, as the server's `hooks/words` has them. */
const undecomposed: Record<string, string> = {
  œ: 'oe', æ: 'ae', ø: 'o', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i',
}

/** Words as the server splits them: in small letters, without accents, ligatures spelt out. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[œæøßłđðþı]/g, (letter) => undecomposed[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}

/** Whether every word of the query begins one of some words: "jero" finds Jérôme, "jean-b" Jean-Baptiste. */
export function matcherOf(query: string): (words: readonly string[]) => boolean {
  const parts = wordsOf(query)
  // A sign alone begins no word.
  if (parts.length === 0) return () => query.trim() === ''
  return (words) => parts.every((part) => words.some((word) => word.startsWith(part)))
}
