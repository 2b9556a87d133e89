import { touchQuery } from '../../lib/useMediaQuery'

/** Where one writes. Not where the focus opens a keyboard over half the screen. */
export function composerField(): HTMLElement | null {
  return window.matchMedia(touchQuery).matches ? null : document.querySelector<HTMLElement>('.composer textarea')
}
