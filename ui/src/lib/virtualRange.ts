import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual'

/** What is near to the window, and the one that stays in the page wherever one scrolls; -1 for none. */
export function rangeWith(range: Range, kept: number): number[] {
  const indexes = defaultRangeExtractor(range)
  return kept === -1 || indexes.includes(kept) ? indexes : [...indexes, kept].sort((a, b) => a - b)
}
