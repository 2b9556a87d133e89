import type { Id } from '../../protocol/resources'

const flash: Keyframe[] = [{ opacity: 1 }, { opacity: 0.35 }, { opacity: 1 }]

/** Scrolls to a rendered message and focuses it, so that reading continues there. Returns false if it isn't rendered. */
export function showMessage(messageId: Id): boolean {
  const message = document.querySelector<HTMLElement>(`[data-message="${messageId}"]`)
  if (!message) return false
  message.tabIndex = -1
  message.focus({ preventScroll: true })
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  message.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' })
  if (!isCalm) message.animate(flash, { duration: 700, delay: 250, iterations: 2 })
  return true
}
