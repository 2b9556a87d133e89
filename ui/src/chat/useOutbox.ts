import { type Dispatch, useCallback, useEffect, useRef } from 'react'
import { newClientId } from '../lib/clientId'
import type { Id } from '../protocol'
import type { ChatEvent, ChatState } from './chatState'
import { useOutboxMirror } from './useOutboxMirror'
import { useSendingTurn } from './useSendingTurn'
import type { WebSocketHandle } from './useWebSocket'

/** Messages on their way at once: far below the server's limit of frames, also after a long absence. */
const windowLength = 15

export interface OutboxCommands {
  send: (conversationId: Id, content: string, replyTo: Id | null) => void
  retry: (clientId: string) => void
  withdraw: (clientId: string) => void
}

/**
 * Sends what waits, in the order in which it was written, as soon as there is a link. What
 * was on its way when a link broke is sent again: the server stores a client_id once. It is
 * kept on this device until the server has confirmed it.
 */
export function useOutbox(
  state: ChatState,
  dispatch: Dispatch<ChatEvent>,
  sendChatMessage: WebSocketHandle['sendChatMessage'],
): OutboxCommands {
  const { userId, outgoing, link, isOutboxRestored } = state
  useOutboxMirror(userId, outgoing, dispatch)
  const { isOurs, take } = useSendingTurn(userId, link.status === 'open')
  const lastWritten = useRef(0)

  useEffect(() => {
    if (link.status !== 'open' || !isOurs || !isOutboxRestored) return
    const onTheWay = outgoing.filter((one) => one.delivery.status === 'sending').length
    const waiting = outgoing.filter((one) => one.delivery.status === 'waiting').slice(0, Math.max(0, windowLength - onTheWay))
    const clientIds: string[] = []
    for (const { clientId, conversationId, content, replyTo } of waiting) {
      if (!sendChatMessage(conversationId, content, { clientId, replyTo })) break
      clientIds.push(clientId)
    }
    if (clientIds.length > 0) dispatch({ type: 'handedOver', clientIds })
  }, [outgoing, link, isOurs, isOutboxRestored, dispatch, sendChatMessage])

  const send = useCallback(
    (conversationId: Id, content: string, replyTo: Id | null) => {
      take()
      // The store gives them back by this time: no two in one millisecond.
      lastWritten.current = Math.max(Date.now(), lastWritten.current + 1)
      dispatch({
        type: 'written',
        outgoing: {
          clientId: newClientId(),
          conversationId,
          content,
          replyTo,
          createdAt: new Date(lastWritten.current).toISOString(),
          delivery: { status: 'waiting' },
        },
      })
    },
    [dispatch, take],
  )
  const retry = useCallback(
    (clientId: string) => {
      take()
      dispatch({ type: 'retried', clientId })
    },
    [dispatch, take],
  )
  const withdraw = useCallback(
    (clientId: string) => {
      dispatch({ type: 'withdrawn', clientId })
    },
    [dispatch],
  )
  return { send, retry, withdraw }
}
