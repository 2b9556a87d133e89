/** Letters of European names that Unicode leaves whole and that people type otherwise, as the server's `hooks/words` has them. */
const undecomposed: Record<string, string> = {
  œ: 'oe', æ: 'ae', ø: 'o', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i',
}

/** Words as the server splits them: in small letters, without accents, ligatures spelt out. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[œæøßłđðþı]/g, (letter) => undecomposed[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}

/** True when every word of the query begins a word of the text: "jero" finds Jérôme, "jean-b" Jean-Baptiste. */
export function matchesQuery(text: string, query: string): boolean {
  const parts = wordsOf(query)
  // A sign alone begins no word.
  if (parts.length === 0) return query.trim() === ''
  const words = wordsOf(text)
  return parts.every((part) => words.some((word) => word.startsWith(part)))
}
