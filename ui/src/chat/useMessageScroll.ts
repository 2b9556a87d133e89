import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Id } from '../protocol'
import type { Beyond } from './chatState'
import type { Row } from './messageRows'
import type { ReadingPlace } from './readingPlace'
import { showMessage } from './showMessage'
import { rangeWith } from './virtualRange'

/** This near to the end counts as the end. */
const endWithin = 60
/** More is fetched before the reader arrives at what there is. */
const fetchWithin = 600
/**
 * So many rows stand in the page on either side of those one sees: of a short conversation all.
 * On a phone whose screen had been turned, its last row was seen to tremble for half a minute.
 */
const overscan = { ofShort: 40, ofLong: 6 }
const padding = { top: 48, bottom: 8 }
/** Of a row, until it is measured. */
const usualHeight = 52

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement | null>
  /** The rows near to what one sees and the kept one, the only ones in the page, and the room that the others take. */
  items: VirtualItem[]
  room: { before: number; after: number }
  /** The rows that one sees. */
  sight: { startIndex: number; endIndex: number } | null
  measure: (row: HTMLElement | null) => void
  isAtEnd: boolean
  onScroll: () => void
  toEnd: () => void
  /** Shows one of the messages that we hold, near or far. */
  toMessage: (messageId: Id) => void
}

interface MessageScrollOptions {
  rows: Row[]
  /** One that stays in the page wherever one scrolls; -1 for none. */
  kept: number
  /** The place of our own message that was written last; 0 for none. */
  lastWritten: number
  older: Beyond['status']
  newer: Beyond['status']
  /** Where one had been before; null for the end. */
  leftAt: ReadingPlace | null
  onLeave: (place: ReadingPlace | null) => void
  onTop: () => void
  onBottom: () => void
}

/**
 * Keeps what one reads in its place: at the end it follows new messages, elsewhere others
 * come in above and below without a jump. Opens at what is unread, else where one had been, else at the end.
 */
export function useMessageScroll({ rows, kept, lastWritten, older, newer, leftAt, onLeave, onTop, onBottom }: MessageScrollOptions): MessageScroll {
  const hasNewer = newer !== 'end'
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(false)
  // Of the scroller alone: with newer messages unloaded its end isn't the conversation's.
  const isAtBottom = useRef(true)
  const firstUnread = rows.findIndex((row) => row.kind === 'unread')
  const opensAt = firstUnread === -1 && leftAt ? indexOf(rows, leftAt.messageId) : firstUnread

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const list = useVirtualizer({
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
    anchorTo: 'end',
    scrollEndThreshold: endWithin,
    paddingStart: padding.top,
    paddingEnd: padding.bottom,
    // Of what is scrolled to its start, which one had been in.
    scrollPaddingStart: firstUnread === -1 ? -(leftAt?.offset ?? 0) : 0,
  })
  // By default a row above that changes is not made up for while one scrolls up: just then older ones come.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollOffset, itemSizeCache }) =>
    itemSizeCache.has(item.key) ? item.end <= (scrollOffset ?? 0) : item.start < (scrollOffset ?? 0)

  // Not opened yet, on the way to what is unread, or there.
  const opening = useRef<'due' | 'arriving' | 'over'>('due')
  const look = () => {
    const element = scroller.current
    // Until the rows on the way are measured, the end seems to be near.
    if (!element || opening.current !== 'over') return
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    isAtBottom.current = below < endWithin
    setIsAtEnd(isAtBottom.current && !hasNewer)
    if (older === 'more' && element.scrollTop < fetchWithin) onTop()
    if (newer === 'more' && below < fetchWithin) onBottom()
  }
  const lookAgain = useEffectEvent(look)

  const toEnd = useCallback(() => {
    isAtBottom.current = true
    list.scrollToEnd()
  }, [list])

  const present = useRef(rows)
  const toMessage = useCallback(
    (messageId: Id) => {
      const index = indexOf(present.current, messageId)
      if (index === -1 || showMessage(messageId)) return
      list.scrollToIndex(index, { align: 'center' })
      // It comes into the page with the next frame.
      requestAnimationFrame(() => {
        requestAnimationFrame(() => showMessage(messageId))
      })
    },
    [list],
  )

  const arrive = useEffectEvent(() => {
    opening.current = 'over'
    look()
  })
  const writtenBefore = useRef(lastWritten)
  useLayoutEffect(() => {
    present.current = rows
    const element = scroller.current
    if (!element) return
    const hasWritten = lastWritten > writtenBefore.current
    writtenBefore.current = lastWritten
    if (opening.current === 'due' && rows.length > 0) {
      isAtBottom.current = opensAt === -1
      opening.current = isAtBottom.current ? 'over' : 'arriving'
      if (isAtBottom.current) list.scrollToEnd()
      else list.scrollToIndex(opensAt, { align: 'start' })
    } else if ((isAtBottom.current && !hasNewer) || hasWritten) {
      list.scrollToEnd()
    }
  }, [rows, lastWritten, hasNewer, opensAt, list])

  const isArriving = rows.length > 0
  useEffect(() => {
    const element = scroller.current
    if (!isArriving || !element || opening.current === 'over') return
    return whenStill(element, arrive)
  }, [isArriving])

  // A page shorter than the screen isn't scrolled; a keyboard opens, a composer grows.
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (isAtBottom.current) list.scrollToEnd()
      lookAgain()
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [list])
  useEffect(() => {
    lookAgain()
  }, [rows, older, newer])

  const items = list.getVirtualItems()
  const leave = useEffectEvent(() => {
    const top = scroller.current?.scrollTop
    if (top === undefined || opening.current !== 'over') return
    onLeave(isAtBottom.current && !hasNewer ? null : placeAt(top, items, rows))
  })
  // Before its rows are taken out of the page, or the page goes.
  useLayoutEffect(() => {
    const onPageHide = () => {
      leave()
    }
    window.addEventListener('pagehide', onPageHide)
    return () => {
      window.removeEventListener('pagehide', onPageHide)
      leave()
    }
  }, [])

  const first = items[0]
  const last = items.at(-1)
  return {
    scroller,
    items,
    room: { before: first?.start ?? padding.top, after: list.getTotalSize() - (last?.end ?? padding.top) },
    sight: list.range,
    measure: list.measureElement,
    isAtEnd,
    onScroll: look,
    toEnd,
    toMessage,
  }
}

function indexOf(rows: Row[], messageId: Id): number {
  return rows.findIndex((row) => row.kind === 'message' && row.message.id === messageId)
}

function placeAt(top: number, items: VirtualItem[], rows: Row[]): ReadingPlace | null {
  for (const { index, start, end } of items) {
    const row = rows[index]
    if (end > top && row?.kind === 'message') return { messageId: row.message.id, offset: top - start }
  }
  return null
}

/** So many frames in which nothing moves: rows that come into the page are measured by then. */
const stillFrames = 3
/** A second, should something never come to rest. */
const mostFrames = 60

/** Calls once the place of the scroller and its height have come to rest; answers how to call it off. */
function whenStill(scroller: HTMLElement, onStill: () => void): () => void {
  let request = 0
  const next = (before: string, still: number, frames: number) => {
    request = requestAnimationFrame(() => {
      const now = `${scroller.scrollTop} of ${scroller.scrollHeight}`
      const count = now === before ? still + 1 : 0
      if (count === stillFrames || frames === mostFrames) onStill()
      else next(now, count, frames + 1)
    })
  }
  next('', 0, 0)
  return () => {
    cancelAnimationFrame(request)
  }
}
