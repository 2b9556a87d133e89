import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual'

/** The indexes near the viewport, and the kept one; -1 for none. */
export function rangeWith(range: Range, kept: number): number[] {
  const indexes = defaultRangeExtractor(range)
  return kept === -1 || indexes.includes(kept) ? indexes : [...indexes, kept].sort((a, b) => a - b)
}
