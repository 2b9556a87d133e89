import type { VirtualItem } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'
import type { Id } from '../../protocol/resources'
import type { Beyond } from '../state/thread'
import type { ReadingPlace } from '../state/readingPlace'
import { type Row, rowOf } from './messageRows'
import { belowOf, useEnd } from './useEnd'
import { useLeaps } from './useLeaps'
import { useArrival, useOpening } from './useOpening'
import { usePlaceLeft } from './usePlaceLeft'
import { padding, useVirtualRows, type VirtualRows } from './useVirtualRows'

/** This near to the end the last message is in sight. */
const endWithin = 30
/** More is fetched before the reader arrives at what there is. */
const fetchWithin = 600

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement | null>
  /** The rows near to what one sees and the kept one, the only ones in the page, and the room that the others take. */
  items: VirtualItem[]
  room: { before: number; after: number; total: number }
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
  /** The row that stays in the page wherever one scrolls; -1 for none. */
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
 * Keeps what one reads in its place: at the end it stays there, whatever comes and however the room
 * changes (useEnd); elsewhere others come in above and below without a jump. Opens at what is unread,
 * else where one had been, else at the end.
 */
export function useMessageScroll({ rows, kept, lastWritten, older, newer, leftAt, onLeave, onTop, onBottom }: MessageScrollOptions): MessageScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const firstUnread = rows.findIndex((row) => row.kind === 'unread')
  const opensAt = firstUnread === -1 && leftAt ? rowOf(rows, leftAt.messageId) : firstUnread
  const offset = firstUnread === -1 ? (leftAt?.offset ?? 0) : 0

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
  useArrival(scroller, opening, onScroll)
  useRoomChange(scroller, onScroll)
  useEffect(() => {
    lookAgain()
  }, [rows, older, newer])

  const items = list.getVirtualItems()
  usePlaceLeft({ scroller, items, rows, isAtEnd, isOpen: opening.isOver, onLeave })
  return { scroller, items, room: roomOf(list, items), sight: list.range, measure: list.measureElement, isAtEnd, onScroll, ...leaps }
}

/** A composer grows, a keyboard opens, a row gets a line more, or is measured. Fewer rows than the screen holds aren't scrolled. */
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

/** What the rows that aren't in the page take. */
function roomOf(list: VirtualRows, items: VirtualItem[]): MessageScroll['room'] {
  const total = list.getTotalSize()
  return { before: items[0]?.start ?? padding.top, after: total - (items.at(-1)?.end ?? padding.top), total }
}
