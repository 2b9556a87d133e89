import { touchQuery } from '../../lib/useMediaQuery'

/** The composer's field; null on devices where focusing it would open an on-screen keyboard. */
export function composerField(): HTMLElement | null {
  return window.matchMedia(touchQuery).matches ? null : document.querySelector<HTMLElement>('.composer textarea')
}
