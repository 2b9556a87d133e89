import type { VirtualItem } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Id } from '../../protocol/resources'
import type { Beyond } from '../state/thread'
import type { ReadingPlace } from '../state/readingPlace'
import type { Wanted } from '../state/useWanted'
import { type Row, rowOf } from './messageRows'
import { belowOf, useEnd } from './useEnd'
import { useLeaps } from './useLeaps'
import { useArrival, useOpening } from './useOpening'
import { usePlaceLeft } from './usePlaceLeft'
import { padding, useVirtualRows, type VirtualRows } from './useVirtualRows'
import { useWantedRow } from './useWantedRow'

/** Within this distance of the end, in pixels, the last message counts as visible. */
const endWithin = 30
/** More is fetched within this distance of the first or last loaded message, in pixels. */
const fetchWithin = 600

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement | null>
  /** The rendered rows, which are those near the viewport and the kept one, and the space of the others. */
  items: VirtualItem[]
  room: { before: number; after: number; total: number }
  /** The visible rows. */
  sight: { startIndex: number; endIndex: number } | null
  measure: (row: HTMLElement | null) => void
  isAtEnd: boolean
  onScroll: () => void
  toEnd: () => void
  /** Shows one of the loaded messages, near or far. */
  toMessage: (messageId: Id) => void
}

interface MessageScrollOptions {
  rows: Row[]
  /** The row that stays rendered when scrolled away; -1 for none. */
  kept: number
  /** The sequence of the last message that the user has written; 0 for none. */
  lastWritten: number
  older: Beyond['status']
  newer: Beyond['status']
  /** The previous reading position; null for the end. */
  leftAt: ReadingPlace | null
  /** The message to show; null for none. */
  wanted: Wanted | null
  onLeave: (place: ReadingPlace | null) => void
  onTop: () => void
  onBottom: () => void
}

/**
 * Keeps the scroll position: at the end it stays there, whatever arrives and however the size changes
 * (useEnd); elsewhere messages are inserted above and below without a jump. Opens at the wanted message,
 * else at the unread messages, else at the previous position, else at the end.
 */
export function useMessageScroll({ rows, kept, lastWritten, older, newer, leftAt, wanted, onLeave, onTop, onBottom }: MessageScrollOptions): MessageScroll {
  const scroller = useRef<HTMLDivElement>(null)
  // Only what is wanted when it opens: later it is scrolled to.
  const [first] = useState(wanted)
  const wantedRow = first ? rowOf(rows, first.messageId) : -1
  const firstNew = wantedRow === -1 ? rows.findIndex((row) => row.kind === 'unread') : wantedRow
  const opensAt = firstNew === -1 && leftAt ? rowOf(rows, leftAt.messageId) : firstNew
  const offset = firstNew === -1 ? (leftAt?.offset ?? 0) : 0

  const { isAtEnd, isHeld, hold, scrollItself, noteRoom, look } = useEnd({
    scroller,
    isConversationsEnd: newer === 'end',
    opensThere: opensAt === -1,
    within: endWithin,
  })
  const list = useVirtualRows({ scroller, rows, kept, opensAt, offset, endWithin, scrollItself })
  const opening = useOpening()
  const onScroll = () => {
    const element = scroller.current
    if (!element || !opening.isOver()) return
    look(() => {
      list.scrollToEnd()
    })
    if (older === 'more' && element.scrollTop < fetchWithin) onTop()
    if (newer === 'more' && belowOf(element) < fetchWithin) onBottom()
  }
  const lookAgain = useEffectEvent(onScroll)
  const leaps = useLeaps(list, rows, hold)

  useLayoutEffect(() => {
    noteRoom()
  })
  const writtenBefore = useRef(lastWritten)
  useLayoutEffect(() => {
    const hasWritten = lastWritten > writtenBefore.current
    writtenBefore.current = lastWritten
    if (opening.begin(opensAt === -1)) list.scrollToIndex(opensAt, { align: 'start' })
    else if (hasWritten) {
      hold(true)
      list.scrollToEnd()
    } else if (isHeld()) lookAgain()
  }, [rows, lastWritten, opensAt, list, opening, hold, isHeld])
  const showWanted = useWantedRow({ wanted, rows, isOpen: opening.isOver, jumpTo: leaps.jumpTo, hold })
  useArrival(scroller, opening, () => {
    onScroll()
    showWanted()
  })
  useRoomChange(scroller, onScroll)
  useEffect(() => {
    lookAgain()
  }, [rows, older, newer])

  const items = list.getVirtualItems()
  usePlaceLeft({ scroller, items, rows, isAtEnd, isOpen: opening.isOver, onLeave })
  return { scroller, items, room: roomOf(list, items), sight: list.range, measure: list.measureElement, isAtEnd, onScroll, ...leaps }
}

/** Called when the composer grows, a keyboard opens, or a row changes its height or is measured. */
function useRoomChange(scroller: RefObject<HTMLElement | null>, onChange: () => void): void {
  const change = useEffectEvent(onChange)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(change)
    observer.observe(element)
    if (element.firstElementChild) observer.observe(element.firstElementChild)
    return () => {
      observer.disconnect()
    }
  }, [scroller])
}

/** The space of the rows that aren't rendered. */
function roomOf(list: VirtualRows, items: VirtualItem[]): MessageScroll['room'] {
  const total = list.getTotalSize()
  return { before: items[0]?.start ?? padding.top, after: total - (items.at(-1)?.end ?? padding.top), total }
}
