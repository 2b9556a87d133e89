import { elementScroll, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import { rangeWith } from '../../lib/virtualRange'
import type { Row } from './messageRows'

/**
 * So many rows stand in the page on either side of those one sees: of a short conversation all.
 * On a phone whose screen had been turned, its last row flickered for half a minute.
 */
const overscan = { ofShort: 40, ofLong: 6 }
export const padding = { top: 48, bottom: 8 }
/** Of a row, until it is measured. */
const usualHeight = 52

export type VirtualRows = Virtualizer<HTMLDivElement, Element>

interface VirtualRowsOptions {
  scroller: RefObject<HTMLDivElement | null>
  rows: Row[]
  /** One that stays in the page wherever one scrolls; -1 for none. */
  kept: number
  /** The row at which the list opens, and how much of it lies above the window; -1 for the end. */
  opensAt: number
  offset: number
  /** This near to the end, in pixels, counts as the end. */
  endWithin: number
  /** Makes each scroll of the list's own, or doesn't (useEnd). */
  scrollItself: (scroll: () => void) => void
}

/** Only the rows near to what one sees stand in the page. */
export function useVirtualRows({ scroller, rows, kept, opensAt, offset, endWithin, scrollItself }: VirtualRowsOptions): VirtualRows {
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const list = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: () => usualHeight,
    // Where it opens: rows from the top would be made and measured to be thrown away at once.
    initialOffset: () => padding.top + (opensAt === -1 ? rows.length : opensAt) * usualHeight,
    initialRect: { width: 0, height: window.innerHeight },
    overscan: rows.length <= overscan.ofShort ? overscan.ofShort : overscan.ofLong,
    rangeExtractor: (range) => rangeWith(range, kept),
    // A leap renders its rows in one task and shows them in the next, instead of both in one.
    useFlushSync: false,
    // Not rounded, as by default: over a page of rows the fractions add up to a jump.
    measureElement: (row) => row.getBoundingClientRect().height,
    scrollToFn: (...scroll) => {
      scrollItself(() => {
        elementScroll(...scroll)
      })
    },
    anchorTo: 'end',
    scrollEndThreshold: endWithin,
    paddingStart: padding.top,
    paddingEnd: padding.bottom,
    // Of what is scrolled to its start, which one had been in.
    scrollPaddingStart: -offset,
  })
  // By default a row above that changes is not made up for while one scrolls up: just then older ones come.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollOffset, itemSizeCache }) =>
    itemSizeCache.has(item.key) ? item.end <= (scrollOffset ?? 0) : item.start < (scrollOffset ?? 0)
  return list
}
