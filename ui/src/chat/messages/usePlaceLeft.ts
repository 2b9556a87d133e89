import type { VirtualItem } from '@tanstack/react-virtual'
import { type RefObject, useEffectEvent, useLayoutEffect } from 'react'
import type { ReadingPlace } from '../state/readingPlace'
import type { Row } from './messageRows'

interface PlaceLeftOptions {
  scroller: RefObject<HTMLElement | null>
  items: VirtualItem[]
  rows: Row[]
  isAtEnd: boolean
  /** Whether the list is at the reader's position, not still being scrolled to where it opens. */
  isOpen: () => boolean
  onLeave: (place: ReadingPlace | null) => void
}

/** Reports the reading position when the list is unmounted or the page is left. */
export function usePlaceLeft({ scroller, items, rows, isAtEnd, isOpen, onLeave }: PlaceLeftOptions): void {
  const leave = useEffectEvent(() => {
    const top = scroller.current?.scrollTop
    if (top === undefined || !isOpen()) return
    onLeave(isAtEnd ? null : placeAt(top, items, rows))
  })
  // Before its rows are removed, or the page is left.
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
}

function placeAt(top: number, items: VirtualItem[], rows: Row[]): ReadingPlace | null {
  for (const { index, start, end } of items) {
    const row = rows[index]
    if (end > top && row?.kind === 'message') return { messageId: row.message.id, offset: top - start }
  }
  return null
}
