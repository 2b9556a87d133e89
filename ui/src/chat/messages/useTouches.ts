import { type RefObject, useEffect, useEffectEvent } from 'react'
import { listen, onLongPress, slack } from '../../lib/longPress'

/** How far a message follows the finger, and from where on it is answered, in pixels. */
const swipe = { most: 72, answersFrom: 48 }

interface Touches {
  /** Whether a swipe replies. */
  maySwipe: boolean
  onSwipe: (row: HTMLElement) => void
  onLongPress: (row: HTMLElement) => void
}

/** What a finger does to the messages of a list: holding one opens its menu, pushing it towards the end of the line replies to it. */
export function useTouches(list: RefObject<HTMLElement | null>, touches: Touches): void {
  const held = useEffectEvent(touches.onLongPress)
  const swiped = useEffectEvent(touches.onSwipe)
  const isSwipeable = useEffectEvent((row: HTMLElement) => touches.maySwipe && row.dataset.message !== undefined && row.querySelector('.message-menu') !== null)
  useEffect(() => {
    const element = list.current
    if (!element) return
    let row: HTMLElement | null = null
    let start = { x: 0, y: 0 }
    let moved = 0
    const end = () => {
      row?.style.removeProperty('--swiped')
      row?.removeAttribute('data-swiped')
      row = null
      moved = 0
    }
    const endPresses = onLongPress(element, {
      targetOf: rowOf,
      onHeld: (target) => {
        end()
        held(target)
      },
    })
    const unlisten = listen(element, {
      pointerdown: (event) => {
        end()
        if (event.pointerType !== 'touch' || !event.isPrimary) return
        row = rowOf(event)
        start = { x: event.clientX, y: event.clientY }
      },
      pointermove: (event) => {
        if (!row) return
        const [x, y] = [event.clientX - start.x, event.clientY - start.y]
        if (moved === 0 && Math.hypot(x, y) <= slack) return
        const sideways = getComputedStyle(element).direction === 'rtl' ? -x : x
        if ((moved === 0 && Math.abs(y) > Math.abs(x)) || !isSwipeable(row)) {
          row = null
          return
        }
        moved = Math.min(swipe.most, Math.max(1, sideways))
        row.style.setProperty('--swiped', `${Math.sign(x) * moved}px`)
        row.dataset.swiped = moved >= swipe.answersFrom ? 'far' : ''
      },
      pointerup: () => {
        const answered = moved >= swipe.answersFrom ? row : null
        end()
        if (answered) swiped(answered)
      },
      pointercancel: end,
    })
    return () => {
      endPresses()
      unlisten()
      end()
    }
  }, [list])
}

/** Not where the finger is on something that has an effect of its own. */
function rowOf({ target }: Event): HTMLElement | null {
  if (!(target instanceof Element) || target.closest('a, button, summary, video, audio, input')) return null
  return target.closest<HTMLElement>('li.message')
}
