import { useCallback, useLayoutEffect, useRef } from 'react'
import type { Id } from '../../protocol/resources'
import { type Row, rowOf } from './messageRows'
import { centre, showMessage } from './showMessage'
import type { VirtualRows } from './useVirtualRows'

interface Leaps {
  toEnd: () => void
  /** Shows one of the loaded messages, near or far. Returns false if it isn't loaded. */
  toMessage: (messageId: Id) => boolean
  /** The same, but at once, while the list may still be changing. */
  jumpTo: (messageId: Id) => boolean
}

/** Within this many frames a row that is far away is rendered, on a slow device too. */
const mostFrames = 30
/** And after this many more the rows around it have been measured. */
const settlingFrames = 10

/** `hold` sets whether the end is kept in view from then on. */
export function useLeaps(list: VirtualRows, rows: Row[], hold: (isHeld: boolean) => void): Leaps {
  const present = useRef(rows)
  useLayoutEffect(() => {
    present.current = rows
  }, [rows])
  const toEnd = useCallback(() => {
    hold(true)
    list.scrollToEnd()
  }, [hold, list])
  const jumpTo = useCallback(
    (messageId: Id) => {
      const index = rowOf(present.current, messageId)
      if (index === -1) return false
      hold(false)
      list.scrollToIndex(index, { align: 'center' })
      showOnceRendered(messageId, mostFrames)
      return true
    },
    [list, hold],
  )
  const toMessage = useCallback((messageId: Id) => showMessage(messageId) !== null || jumpTo(messageId), [jumpTo])
  return { toEnd, toMessage, jumpTo }
}

function showOnceRendered(messageId: Id, frames: number): void {
  requestAnimationFrame(() => {
    const message = showMessage(messageId, 'instant')
    if (message) keepCentred(message, settlingFrames)
    else if (frames > 0) showOnceRendered(messageId, frames - 1)
  })
}

/** Rows above it are still being measured, which moves it. */
function keepCentred(message: HTMLElement, frames: number): void {
  requestAnimationFrame(() => {
    // The reader has gone elsewhere.
    if (document.activeElement !== message) return
    centre(message, 'instant')
    if (frames > 0) keepCentred(message, frames - 1)
  })
}
