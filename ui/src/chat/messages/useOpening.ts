import { type RefObject, useEffect, useEffectEvent, useMemo, useRef } from 'react'

interface Opening {
  /** Until then the end seems to be near: the rows on the way aren't measured yet. */
  isOver: () => boolean
  /** With the first rows: whether the list has to be scrolled to where it opens, which isn't its end. */
  begin: (opensAtEnd: boolean) => boolean
  end: () => void
}

/** A list isn't open before it stands where it opens. */
export function useOpening(): Opening {
  const opening = useRef<'due' | 'arriving' | 'over'>('due')
  return useMemo(
    () => ({
      isOver: () => opening.current === 'over',
      begin: (opensAtEnd) => {
        if (opening.current !== 'due') return false
        opening.current = opensAtEnd ? 'over' : 'arriving'
        return !opensAtEnd
      },
      end: () => {
        opening.current = 'over'
      },
    }),
    [],
  )
}

/** Once the list has come to rest where it opens. */
export function useArrival(scroller: RefObject<HTMLElement | null>, opening: Opening, onArrival: () => void): void {
  const arrive = useEffectEvent(() => {
    opening.end()
    onArrival()
  })
  useEffect(() => {
    const element = scroller.current
    if (!element || opening.isOver()) return
    return whenStill(element, arrive)
  }, [scroller, opening])
}

/** So many frames in which nothing moves: rows that come into the page are measured by then. */
const stillFrames = 3
/** A second, should something never come to rest. */
const mostFrames = 60

/** Calls once the place of the scroller and its height have come to rest; returns a function that cancels it. */
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
