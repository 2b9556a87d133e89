import { useEffect, useEffectEvent, useRef } from 'react'
import type { Id } from '../../protocol/resources'
import type { Wanted } from '../state/useWanted'
import type { Row } from './messageRows'

interface WantedRowOptions {
  wanted: Wanted | null
  rows: Row[]
  /** Whether the list is at rest where it opens. */
  isOpen: () => boolean
  /** Returns false if it isn't loaded. */
  jumpTo: (messageId: Id) => boolean
  hold: (isHeld: boolean) => void
}

/** Shows the wanted message once, as soon as it is loaded. Returns a function to call when the list is open. */
export function useWantedRow({ wanted, rows, isOpen, jumpTo, hold }: WantedRowOptions): () => void {
  const shown = useRef<Wanted | null>(null)
  const show = () => {
    if (!wanted || wanted === shown.current || !isOpen()) return
    if (jumpTo(wanted.messageId)) shown.current = wanted
    // It is being loaded: the rows that replace these aren't scrolled to their end.
    else hold(false)
  }
  const showNow = useEffectEvent(show)
  useEffect(() => {
    showNow()
  }, [wanted, rows])
  return show
}
