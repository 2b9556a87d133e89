import { type RefObject, useEffect } from 'react'

/**
 * Some browsers overlay the page with the on-screen keyboard and pan it, instead of resizing it: this sets the
 * hidden part of an element as `--hidden-top` and `--hidden-bottom` for its styles.
 */
export function useHiddenPart(part: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const view = window.visualViewport
    const element = part.current
    if (!view || !element) return
    const look = () => {
      const { top, bottom } = element.getBoundingClientRect()
      // If the window itself is resized, the element may still have the layout for the previous size.
      const pageEnd = document.documentElement.clientHeight || Infinity
      // While zoomed in, only a part of the page is visible anyway.
      const isZoomed = view.scale > 1.01
      const hidden = { top: isZoomed ? 0 : view.offsetTop - top, bottom: isZoomed ? 0 : Math.min(bottom, pageEnd) - view.offsetTop - view.height }
      for (const [side, height] of Object.entries(hidden)) {
        if (height >= 1) element.style.setProperty(`--hidden-${side}`, `${height}px`)
        else element.style.removeProperty(`--hidden-${side}`)
      }
    }
    view.addEventListener('resize', look)
    view.addEventListener('scroll', look)
    // If the window is resized, the element may be resized only after the event.
    const observer = new ResizeObserver(look)
    observer.observe(element, { box: 'border-box' })
    return () => {
      observer.disconnect()
      view.removeEventListener('resize', look)
      view.removeEventListener('scroll', look)
    }
  }, [part])
}
