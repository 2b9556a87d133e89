import { useEffect, useEffectEvent } from 'react'
import { listen, onLongPress } from '../../lib/longPress'

/**
 * Calls `onOpen` with the line whose menu is wanted: by its button, a right click, the keyboard's menu key, or a long
 * press. `inside` is any element of the list.
 */
export function useLineMenu(inside: HTMLElement | null, onOpen: (line: HTMLElement) => void): void {
  const open = useEffectEvent(onOpen)
  useEffect(() => {
    const lines = inside?.closest('.list')?.querySelector<HTMLElement>('.list-scroll')
    if (!lines) return
    const endPresses = onLongPress(lines, {
      targetOf: lineOf,
      onHeld: (line) => {
        open(line)
      },
    })
    const unlisten = listen(lines, {
      contextmenu: (event) => {
        const line = lineOf(event)
        if (!line || event.defaultPrevented) return
        event.preventDefault()
        open(line)
      },
      click: (event) => {
        const line = lineOf(event)
        if (!line || !(event.target as Element).closest('.line-menu')) return
        event.preventDefault()
        event.stopPropagation()
        open(line)
      },
    })
    return () => {
      endPresses()
      unlisten()
    }
  }, [inside])
}

function lineOf({ target }: Event): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('li[data-place]') : null
}
