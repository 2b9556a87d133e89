/** How long a touch lasts that is a long press, in milliseconds: iOS has no `contextmenu`. */
const longPress = 500
/** How far a finger may move during a long press, in pixels. */
export const slack = 10

interface LongPress {
  /** What is pressed; null where a press has no meaning. */
  targetOf: (event: Event) => HTMLElement | null
  onHeld: (target: HTMLElement) => void
}

/** Handlers of an element's events, called before those of what is in it. */
export type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void }

/** Returns what ends it. */
export function listen(element: HTMLElement, handlers: Handlers): () => void {
  const listening = new AbortController()
  for (const [name, handler] of Object.entries(handlers)) element.addEventListener(name, handler as EventListener, { capture: true, signal: listening.signal })
  return () => {
    listening.abort()
  }
}

/** Listens for a finger that holds something in an element; the click at the end of that has no effect. Returns what ends it. */
export function onLongPress(element: HTMLElement, { targetOf, onHeld }: LongPress): () => void {
  let target: HTMLElement | null = null
  let start = { x: 0, y: 0 }
  let timer = 0
  let wasHeld = false
  const end = () => {
    window.clearTimeout(timer)
    target = null
  }
  const forget = () => {
    wasHeld = false
  }
  const hold = (held: HTMLElement) => {
    end()
    // A click that this makes isn't the finger's.
    onHeld(held)
    wasHeld = true
  }
  const unlisten = listen(element, {
    pointerdown: (event) => {
      end()
      forget()
      const pressed = targetOf(event)
      if (event.pointerType !== 'touch' || !event.isPrimary || !pressed) return
      target = pressed
      start = { x: event.clientX, y: event.clientY }
      timer = window.setTimeout(() => {
        hold(pressed)
      }, longPress)
    },
    pointermove: ({ clientX, clientY }) => {
      if (target && Math.hypot(clientX - start.x, clientY - start.y) > slack) end()
    },
    pointerup: end,
    pointercancel: end,
    // Android's own sign of a long press, and the end of one.
    contextmenu: (event) => {
      const held = target ?? (wasHeld ? targetOf(event) : null)
      if (!held) return
      event.preventDefault()
      if (!wasHeld) hold(held)
    },
    keydown: forget,
    click: (event) => {
      if (!wasHeld) return
      forget()
      event.preventDefault()
      event.stopImmediatePropagation()
    },
  })
  return () => {
    end()
    unlisten()
  }
}
