import { type RefObject, useEffect, useEffectEvent, useMemo, useRef } from 'react'

interface Opening {
  /** Until then the end seems to be near, because rows aren't measured yet. */
  isOver: () => boolean
  /** Called with the first rows: whether the list has to be scrolled to where it opens, other than its end. */
  begin: (opensAtEnd: boolean) => boolean
  end: () => void
}

/** A list is only open once it has been scrolled to where it opens. */
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

/** Calls `onArrival` once the list is at rest where it opens. */
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

/** After this many frames without movement, newly rendered rows have been measured. */
const stillFrames = 3
/** A second, in case it never comes to rest. */
const mostFrames = 60

/** Calls `onStill` once the scroll position and the height don't change any more; returns a function that cancels it. */
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
