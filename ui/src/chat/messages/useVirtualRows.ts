import { elementScroll, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import { rangeWith } from '../../lib/virtualRange'
import type { Row } from './messageRows'

/**
 * How many rows are rendered on either side of the visible ones: all rows of a short conversation, because its
 * last row flickered for half a minute after a phone had been turned.
 */
const overscan = { ofShort: 40, ofLong: 6 }
export const padding = { top: 48, bottom: 8 }
/** The height of a row until it is measured. */
const usualHeight = 52

export type VirtualRows = Virtualizer<HTMLDivElement, Element>

interface VirtualRowsOptions {
  scroller: RefObject<HTMLDivElement | null>
  rows: Row[]
  /** The row that stays rendered when scrolled away; -1 for none. */
  kept: number
  /** The row at which the list opens, and how much of it is above the viewport; -1 for the end. */
  opensAt: number
  offset: number
  /** This near to the end, in pixels, counts as the end. */
  endWithin: number
  /** Makes each of the list's own scrolls, or skips it (useEnd). */
  scrollItself: (scroll: () => void) => void
}

/** Renders only the rows near the viewport. */
export function useVirtualRows({ scroller, rows, kept, opensAt, offset, endWithin, scrollItself }: VirtualRowsOptions): VirtualRows {
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const list = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: () => usualHeight,
    // Where it opens: otherwise rows at the top would be rendered and measured for nothing.
    initialOffset: () => padding.top + (opensAt === -1 ? rows.length : opensAt) * usualHeight,
    initialRect: { width: 0, height: window.innerHeight },
    overscan: rows.length <= overscan.ofShort ? overscan.ofShort : overscan.ofLong,
    rangeExtractor: (range) => rangeWith(range, kept),
    // A jump renders its rows in one task and paints them in the next, instead of both in one.
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
    // The part of the opening row that was above the viewport.
    scrollPaddingStart: -offset,
  })
  // By default a change of a row above isn't compensated while scrolling up, which is just when older rows are inserted.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollOffset, itemSizeCache }) =>
    itemSizeCache.has(item.key) ? item.end <= (scrollOffset ?? 0) : item.start < (scrollOffset ?? 0)
  return list
}
