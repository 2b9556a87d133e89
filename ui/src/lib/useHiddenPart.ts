import { type RefObject, useEffect } from 'react'

/**
 * Some browsers lay the on-screen keyboard over the page and pan it, instead of making it smaller: what is
 * hidden of an element then is told to its styles as `--hidden-top` and `--hidden-bottom`.
 */
export function useHiddenPart(part: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const view = window.visualViewport
    const element = part.current
    if (!view || !element) return
    const look = () => {
      const { top, bottom } = element.getBoundingClientRect()
      // Where the window itself becomes smaller, the element may be laid out for the former one still.
      const pageEnd = document.documentElement.clientHeight || Infinity
      // While zoomed in, only a part of everything is visible.
      const isZoomed = view.scale > 1.01
      const hidden = { top: isZoomed ? 0 : view.offsetTop - top, bottom: isZoomed ? 0 : Math.min(bottom, pageEnd) - view.offsetTop - view.height }
      for (const [side, height] of Object.entries(hidden)) {
        if (height >= 1) element.style.setProperty(`--hidden-${side}`, `${height}px`)
        else element.style.removeProperty(`--hidden-${side}`)
      }
    }
    view.addEventListener('resize', look)
    view.addEventListener('scroll', look)
    // Where the window becomes smaller the element may follow after the event.
    const observer = new ResizeObserver(look)
    observer.observe(element, { box: 'border-box' })
    return () => {
      observer.disconnect()
      view.removeEventListener('resize', look)
      view.removeEventListener('scroll', look)
    }
  }, [part])
}
