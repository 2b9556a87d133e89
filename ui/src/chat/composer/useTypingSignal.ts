import { useCallback, useEffect, useRef } from 'react'
import type { Id } from '../../protocol/resources'
import type { WebSocketHandle } from '../socket/useWebSocket'

/** Typing signals are repeated while typing, less often than the server's limit and before its timeout. */
const repeatAfter = 2_500

export interface TypingSignal {
  typed: () => void
  stopped: () => void
}

/** `conversationId` is null if there is no conversation yet: nobody would receive it. */
export function useTypingSignal(
  conversationId: Id | null,
  { sendTypingStart, sendTypingStop }: Pick<WebSocketHandle, 'sendTypingStart' | 'sendTypingStop'>,
): TypingSignal {
  const sentAt = useRef<number | null>(null)

  const typed = useCallback(() => {
    if (conversationId === null) return
    const now = Date.now()
    if (sentAt.current !== null && now - sentAt.current < repeatAfter) return
    sentAt.current = now
    sendTypingStart(conversationId)
  }, [conversationId, sendTypingStart])

  const stopped = useCallback(() => {
    if (conversationId === null || sentAt.current === null) return
    sentAt.current = null
    sendTypingStop(conversationId)
  }, [conversationId, sendTypingStop])

  useEffect(() => stopped, [stopped])

  return { typed, stopped }
}
