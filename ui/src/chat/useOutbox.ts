import { type Dispatch, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { newClientId } from '../lib/clientId'
import { TokenBucket } from '../lib/tokenBucket'
import type { Id } from '../protocol'
import type { ChatEvent, ChatState, Outgoing } from './chatState'
import { personAt } from './contacts'
import { useFirstMessages } from './useFirstMessages'
import { useOutboxMirror } from './useOutboxMirror'
import { useSendingTurn } from './useSendingTurn'
import type { WebSocketHandle } from './useWebSocket'

/** Messages on their way at once: what a link that breaks then leaves in doubt. */
const windowLength = 15
/** The server closes a socket above 20 frames a second, with bursts of 60: this leaves room for the others. */
const pace = { burst: 40, perSecond: 15 }

export interface OutboxCommands {
  send: (conversationId: Id, content: string, replyTo: Id | null) => void
  retry: (clientId: string) => void
  /** Another text for one that was refused or hasn't left yet. */
  rewrite: (clientId: string, content: string) => void
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
  const bucket = useRef(new TokenBucket(pace.burst, pace.perSecond))
  const isSending = link.status === 'open' && isOurs && isOutboxRestored
  useFirstMessages(outgoing, isSending, link.epoch, dispatch)
  // Counts the pauses that are over.
  const [turn, setTurn] = useState(0)

  useEffect(() => {
    if (!isSending) return
    const onTheWay = outgoing.filter((one) => one.delivery.status === 'sending').length
    const isReady = (one: Outgoing) => one.delivery.status === 'waiting' && personAt(one.conversationId) === null
    const waiting = outgoing.filter(isReady).slice(0, Math.max(0, windowLength - onTheWay))
    const clientIds: string[] = []
    let pause: number | undefined
    for (const { clientId, conversationId, content, replyTo } of waiting) {
      if (!bucket.current.take(Date.now())) {
        pause = window.setTimeout(() => {
          setTurn((count) => count + 1)
        }, bucket.current.wait(Date.now()))
        break
      }
      if (!sendChatMessage(conversationId, content, { clientId, replyTo })) break
      clientIds.push(clientId)
    }
    if (clientIds.length > 0) dispatch({ type: 'handedOver', clientIds })
    return () => {
      window.clearTimeout(pause)
    }
  }, [outgoing, isSending, link.epoch, turn, dispatch, sendChatMessage])

  // Places follow the clock, so that those of two tabs mix as they were written; but never back with it.
  const lastPlace = useRef(0)
  useEffect(() => {
    for (const { sequence } of outgoing) lastPlace.current = Math.max(lastPlace.current, sequence)
  }, [outgoing])

  const send = useCallback(
    (conversationId: Id, content: string, replyTo: Id | null) => {
      take()
      const now = Date.now()
      lastPlace.current = Math.max(now, lastPlace.current + 1)
      dispatch({
        type: 'written',
        outgoing: {
          clientId: newClientId(),
          conversationId,
          content,
          replyTo,
          createdAt: new Date(now).toISOString(),
          sequence: lastPlace.current,
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
  const rewrite = useCallback(
    (clientId: string, content: string) => {
      take()
      dispatch({ type: 'rewritten', clientId, newClientId: newClientId(), content })
    },
    [dispatch, take],
  )
  const withdraw = useCallback(
    (clientId: string) => {
      dispatch({ type: 'withdrawn', clientId })
    },
    [dispatch],
  )
  return useMemo(() => ({ send, retry, rewrite, withdraw }), [send, retry, rewrite, withdraw])
}
