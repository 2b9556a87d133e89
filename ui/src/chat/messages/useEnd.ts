import { type RefObject, useMemo, useRef, useState } from 'react'

interface End {
  /** Whether the last message is in view. */
  isAtEnd: boolean
  /** Whether the end is kept in view, whatever arrives. */
  isHeld: () => boolean
  /** Starts or stops that: the reader wants to go where the page scrolls next. */
  hold: (isHeld: boolean) => void
  /** Makes a scroll of the page's own, unless the reader has just scrolled up, for which there may not have been an event yet. */
  scrollItself: (scroll: () => void) => void
  /** Called after each render: rows that aren't measured yet make the content smaller for a moment. */
  noteRoom: () => void
  /** Called after each scroll and each change of the size: scrolls to the end if that is held. */
  look: (scrollToEnd: () => void) => void
}

interface EndOptions {
  scroller: RefObject<HTMLElement | null>
  /** The last row is the conversation's last message: new ones are followed. */
  isConversationsEnd: boolean
  opensThere: boolean
  /** This near to the end, in pixels, counts as the end. */
  within: number
}

/** No render makes the content smaller by that much, in pixels, for a moment: further above the end nothing is measured after a render. */
const farAbove = 5_000

/**
 * A reader at the end stays there until they scroll up. A browser reports a scroll, but not who caused it. The
 * browser's own part is known: it only clamps the position, at most to that of the smallest size that the content
 * has had. Any position above that was scrolled by the reader, and isn't reverted.
 */
export function useEnd({ scroller, isConversationsEnd, opensThere, within }: EndOptions): End {
  const [isAtEnd, setIsAtEnd] = useState(opensThere && isConversationsEnd)
  const isHeld = useRef(opensThere)
  /** At the last look; `rests` is how far above the end the reader has stopped. */
  const before = useRef({ top: 0, room: '', rests: 0 })

  const steady = useMemo(() => {
    /** Returns whether the reader has scrolled up since the last look. */
    const hasScrolledUp = () => {
      const element = scroller.current
      if (!element) return false
      const lowest = element.scrollTop + belowOf(element)
      // The browser rounds heights, so their difference is off by up to a pixel.
      if (lowest < before.current.top) before.current.top = lowest - 1
      return element.scrollTop < before.current.top - 1
    }
    const noteTop = () => {
      before.current.top = scroller.current?.scrollTop ?? 0
    }
    return {
      hasScrolledUp,
      noteRoom: () => {
        if (isHeld.current || before.current.rests < farAbove) hasScrolledUp()
      },
      isHeld: () => isHeld.current,
      hold: (isWanted: boolean) => {
        isHeld.current = isWanted
        before.current.rests = 0
        noteTop()
      },
      scrollItself: (scroll: () => void) => {
        if (hasScrolledUp()) return
        scroll()
        noteTop()
      },
    }
  }, [scroller])
  const look: End['look'] = (scrollToEnd) => {
    const element = scroller.current
    if (!element) return
    const isUp = steady.hasScrolledUp()
    const room = `${element.scrollHeight} in ${element.clientHeight}`
    const isSameRoom = ['', room].includes(before.current.room)
    const below = belowOf(element)
    // A little further up is still the end: the browser itself goes there to show a button that gets the focus.
    const up = isUp ? before.current.top - element.scrollTop : 0
    let rests = Math.min(before.current.rests + up, below)
    if (rests > within) isHeld.current = false
    else if (isHeld.current && below >= 1 + rests) {
      scrollToEnd()
      rests = 0
    } else if (isConversationsEnd && below <= (isSameRoom ? within : 1)) isHeld.current = true
    before.current = { top: element.scrollTop, room, rests: isHeld.current ? rests : below }
    setIsAtEnd(isConversationsEnd && belowOf(element) <= within)
  }
  return { isAtEnd, ...steady, look }
}

/** How much of its content is below the viewport, in pixels. */
export function belowOf(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight
}
