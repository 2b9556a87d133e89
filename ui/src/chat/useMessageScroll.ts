import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Id } from '../protocol'
import type { Row } from './messageRows'
import { showMessage } from './showMessage'

/** This near to the end counts as the end. */
const endWithin = 60
/** More is fetched before the reader arrives at what there is. */
const fetchWithin = 600
/** So many rows stand in the page on either side of those one sees. */
const overscan = 12
const padding = { top: 48, bottom: 8 }

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement | null>
  /** The rows near to what one sees, the only ones in the page, and the room that the others take. */
  items: VirtualItem[]
  room: { before: number; after: number }
  measure: (row: HTMLElement | null) => void
  isAtEnd: boolean
  onScroll: () => void
  toEnd: () => void
  /** Shows one of the messages that we hold, near or far. */
  toMessage: (messageId: Id) => void
}

interface MessageScrollOptions {
  rows: Row[]
  lastOwnKey: string
  hasNewer: boolean
  onTop: () => void
  onBottom: () => void
}

/**
 * Keeps what one reads in its place: at the end it follows new messages, elsewhere others
 * come in above and below without a jump. Opens at what is unread, else at the end.
 */
export function useMessageScroll({ rows, lastOwnKey, hasNewer, onTop, onBottom }: MessageScrollOptions): MessageScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  // Of the scroller alone: with newer messages unloaded its end isn't the conversation's.
  const isAtBottom = useRef(true)
  const firstUnread = rows.findIndex((row) => row.kind === 'unread')

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: () => 52,
    overscan,
    // Not rounded, as by default: over a page of rows the fractions add up to a jump.
    measureElement: (row) => row.getBoundingClientRect().height,
    anchorTo: 'end',
    scrollEndThreshold: endWithin,
    paddingStart: padding.top,
    paddingEnd: padding.bottom,
  })
  // By default a row above that changes is not made up for while one scrolls up: just then older ones come.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollOffset, itemSizeCache }) =>
    itemSizeCache.has(item.key) ? item.end <= (scrollOffset ?? 0) : item.start < (scrollOffset ?? 0)

  const look = () => {
    const element = scroller.current
    if (!element) return
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    isAtBottom.current = below < endWithin
    setIsAtEnd(isAtBottom.current && !hasNewer)
    if (element.scrollTop < fetchWithin) onTop()
    if (hasNewer && below < fetchWithin) onBottom()
  }
  const lookAgain = useEffectEvent(look)

  const toEnd = useCallback(() => {
    isAtBottom.current = true
    list.scrollToEnd()
  }, [list])

  const present = useRef(rows)
  const toMessage = useCallback(
    (messageId: Id) => {
      const index = present.current.findIndex((row) => row.kind === 'message' && row.message.id === messageId)
      if (index === -1 || showMessage(messageId)) return
      list.scrollToIndex(index, { align: 'center' })
      // It comes into the page with the next frame.
      requestAnimationFrame(() => {
        requestAnimationFrame(() => showMessage(messageId))
      })
    },
    [list],
  )

  const opened = useRef(false)
  const lastOwn = useRef(lastOwnKey)
  useLayoutEffect(() => {
    present.current = rows
    const element = scroller.current
    if (!element) return
    if (!opened.current && rows.length > 0) {
      opened.current = true
      if (firstUnread > 0) list.scrollToIndex(firstUnread, { align: 'start' })
      else list.scrollToEnd()
      isAtBottom.current = firstUnread <= 0
    } else if ((isAtBottom.current && !hasNewer) || lastOwn.current !== lastOwnKey) {
      list.scrollToEnd()
    }
    lastOwn.current = lastOwnKey
  }, [rows, lastOwnKey, hasNewer, firstUnread, list])

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
  }, [rows, hasNewer])

  const items = list.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  return {
    scroller,
    items,
    room: { before: first?.start ?? padding.top, after: last ? list.getTotalSize() - last.end : padding.bottom },
    measure: list.measureElement,
    isAtEnd,
    onScroll: look,
    toEnd,
    toMessage,
  }
}
