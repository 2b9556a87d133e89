import type { Id } from '../../protocol/resources'

/** Its whole row, as wide as the list: stays for a moment, then fades. */
const tint: Keyframe = { backgroundColor: 'color-mix(in srgb, var(--accent) 24%, transparent)', borderRadius: '12px' }
const flash: Keyframe[] = [tint, { ...tint, offset: 0.6 }, { ...tint, backgroundColor: 'transparent' }]
/** Nothing moves. */
const frame: Keyframe = { outline: '3px solid var(--accent)', outlineOffset: '2px' }

/** Scrolls to a rendered message, highlights it for a moment and focuses it, so that reading continues there. Returns null if it isn't rendered. */
export function showMessage(messageId: Id, behavior: ScrollBehavior = 'smooth'): HTMLElement | null {
  const message = document.querySelector<HTMLElement>(`[data-message="${messageId}"]`)
  if (!message) return null
  message.tabIndex = -1
  message.focus({ preventScroll: true })
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  centre(message, isCalm ? 'auto' : behavior)
  if (isCalm) message.querySelector('.bubble')?.animate([frame, frame], { duration: 2000 })
  else message.animate(flash, { duration: 2400, easing: 'ease-out' })
  return message
}

/**
 * Scrolls the list alone: near its end, `scrollIntoView` would move the whole page to centre a message. One that is
 * higher than the list is shown from its beginning.
 */
export function centre(message: HTMLElement, behavior: ScrollBehavior): void {
  const scroller = message.closest('.messages-scroll')
  if (!scroller) return
  const [row, view] = [message.getBoundingClientRect(), scroller.getBoundingClientRect()]
  scroller.scrollTo({ top: scroller.scrollTop + row.top - view.top - Math.max(0, view.height - row.height) / 2, behavior })
}
