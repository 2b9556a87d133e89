import { type RefObject, useEffect, useEffectEvent } from 'react'

/** How long a touch lasts that opens the menu, in milliseconds. */
const longPress = 500
/** How far a finger may move during a long press, and how far it must move for a swipe, in pixels. */
const slack = 10
/** How far a message follows the finger, and from where on it is answered. */
const swipe = { most: 72, answersFrom: 48 }

interface Touches {
  /** Whether a swipe replies. */
  maySwipe: boolean
  onSwipe: (row: HTMLElement) => void
  onLongPress: (row: HTMLElement) => void
}

/** What a finger does to the messages of a list: holding one opens its menu, pushing it towards the end of the line replies to it. */
export function useTouches(list: RefObject<HTMLElement | null>, { maySwipe, onSwipe, onLongPress }: Touches): void {
  const held = useEffectEvent(onLongPress)
  const swiped = useEffectEvent(onSwipe)
  const isSwipeable = useEffectEvent((row: HTMLElement) => maySwipe && row.dataset.message !== undefined && row.querySelector('.message-menu') !== null)
  useEffect(() => {
    const element = list.current
    if (!element) return
    let row: HTMLElement | null = null
    let start = { x: 0, y: 0 }
    let timer = 0
    let moved = 0
    let wasHeld = false
    const end = () => {
      window.clearTimeout(timer)
      row?.style.removeProperty('--swiped')
      row?.removeAttribute('data-swiped')
      row = null
      moved = 0
    }
    const hold = (wanted: HTMLElement) => {
      wasHeld = true
      end()
      held(wanted)
    }
    const events: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
      pointerdown: (event) => {
        end()
        wasHeld = false
        const target = rowOf(event)
        if (event.pointerType !== 'touch' || !event.isPrimary || !target) return
        row = target
        start = { x: event.clientX, y: event.clientY }
        timer = window.setTimeout(() => {
          hold(target)
        }, longPress)
      },
      pointermove: (event) => {
        if (!row) return
        const [x, y] = [event.clientX - start.x, event.clientY - start.y]
        if (moved === 0 && Math.hypot(x, y) <= slack) return
        window.clearTimeout(timer)
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
      // Android's own sign of a long press, and the end of one.
      contextmenu: (event) => {
        const target = row ?? (wasHeld ? rowOf(event) : null)
        if (!target) return
        event.preventDefault()
        if (!wasHeld) hold(target)
      },
      click: (event) => {
        // The click that opens the menu isn't the finger's.
        if (!wasHeld || !event.isTrusted) return
        wasHeld = false
        event.preventDefault()
        event.stopPropagation()
      },
    }
    const listening = new AbortController()
    for (const [name, handler] of Object.entries(events)) element.addEventListener(name, handler as EventListener, { capture: true, signal: listening.signal })
    return () => {
      end()
      listening.abort()
    }
  }, [list])
}

/** Not where the finger is on something that has an effect of its own. */
function rowOf({ target }: Event): HTMLElement | null {
  if (!(target instanceof Element) || target.closest('a, button, summary, video, audio, input')) return null
  return target.closest<HTMLElement>('li.message')
}
