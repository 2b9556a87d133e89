import { useEffect, useEffectEvent } from 'react'

/** How long a touch lasts that opens a menu, in milliseconds: iOS has no `contextmenu`. */
const longPress = 500
/** How far a finger may move during a long press, in pixels. */
const slack = 10

/**
 * Calls `onOpen` with the line whose menu is wanted: by its button, a right click, the keyboard's menu key, or a long
 * press. `inside` is any element of the list.
 */
export function useLineMenu(inside: HTMLElement | null, onOpen: (line: HTMLElement) => void): void {
  const open = useEffectEvent(onOpen)
  useEffect(() => {
    const lines = inside?.closest('.list')?.querySelector<HTMLElement>('.list-scroll')
    if (!lines) return
    let timer = 0
    let start = { x: 0, y: 0 }
    let wasHeld = false
    const stop = () => {
      window.clearTimeout(timer)
    }
    const events: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
      contextmenu: (event) => {
        const line = lineOf(event)
        if (!line) return
        event.preventDefault()
        stop()
        open(line)
      },
      click: (event) => {
        const isMenu = event.target instanceof Element && event.target.closest('.line-menu') !== null
        const line = lineOf(event)
        if (!wasHeld && !isMenu) return
        // The end of a long press doesn't open the conversation.
        event.preventDefault()
        event.stopPropagation()
        if (isMenu && line) open(line)
        wasHeld = false
      },
      pointerdown: (event) => {
        wasHeld = false
        stop()
        const line = lineOf(event)
        if (event.pointerType !== 'touch' || !line) return
        start = { x: event.clientX, y: event.clientY }
        timer = window.setTimeout(() => {
          wasHeld = true
          open(line)
        }, longPress)
      },
      pointermove: (event) => {
        if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > slack) stop()
      },
      pointerup: stop,
      pointercancel: stop,
    }
    const listening = new AbortController()
    for (const [name, handler] of Object.entries(events)) lines.addEventListener(name, handler as EventListener, { capture: true, signal: listening.signal })
    return () => {
      stop()
      listening.abort()
    }
  }, [inside])
}

function lineOf({ target }: Event): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('li[data-place]') : null
}
