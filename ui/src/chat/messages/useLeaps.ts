import { useCallback, useLayoutEffect, useRef } from 'react'
import type { Id } from '../../protocol/resources'
import { type Row, rowOf } from './messageRows'
import { showMessage } from './showMessage'
import type { VirtualRows } from './useVirtualRows'

interface Leaps {
  toEnd: () => void
  /** Shows one of the loaded messages, near or far. */
  toMessage: (messageId: Id) => void
}

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
  const toMessage = useCallback(
    (messageId: Id) => {
      const index = rowOf(present.current, messageId)
      if (index === -1 || showMessage(messageId)) return
      hold(false)
      list.scrollToIndex(index, { align: 'center' })
      // It is rendered with the next frame.
      requestAnimationFrame(() => {
        requestAnimationFrame(() => showMessage(messageId))
      })
    },
    [list, hold],
  )
  return { toEnd, toMessage }
}
