/** Without case and accents, as the server compares: "jero" is in "Jérôme". */
export function searchText(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()
}

/** True when every word of the query begins a word of the text. */
export function matchesQuery(text: string, query: string): boolean {
  const words = searchText(text).split(/[\s.@’'-]+/)
  return searchText(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)))
}
