import { type Dispatch, useCallback, useEffect, useMemo, useRef } from 'react'
import { newClientId } from '../../lib/clientId'
import type { Place } from '../../lib/place'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'
import type { Outgoing } from '../state/chatState'
import type { SendOptions } from '../state/sending'

export interface OutboxCommands {
  send: (place: Place, content: string, replyTo: Id | null, options?: SendOptions) => void
  retry: (clientId: string) => void
  /** Replaces the text of a message that was refused or hasn't been sent yet. */
  /** `mentions` are the people whom the new text mentions. */
  rewrite: (clientId: string, content: string, mentions: readonly Id[]) => void
  withdraw: (clientId: string) => void
}

/** `take` makes this tab the one that sends, because somebody writes in it. */
export function useOutboxCommands(outgoing: Outgoing[], take: () => void, dispatch: Dispatch<ChatEvent>): OutboxCommands {
  // Sequences follow the clock, so that messages of two tabs are ordered by time, but never go back with it.
  const lastSequence = useRef(0)
  useEffect(() => {
    for (const { sequence } of outgoing) lastSequence.current = Math.max(lastSequence.current, sequence)
  }, [outgoing])

  const send = useCallback(
    (place: Place, content: string, replyTo: Id | null, options: SendOptions = {}) => {
      take()
      const now = Date.now()
      lastSequence.current = Math.max(now, lastSequence.current + 1)
      dispatch({
        type: 'written',
        outgoing: {
          clientId: newClientId(),
          place,
          content,
          replyTo,
          ...options,
          createdAt: new Date(now).toISOString(),
          sequence: lastSequence.current,
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
    (clientId: string, content: string, mentions: readonly Id[]) => {
      take()
      dispatch({ type: 'rewritten', clientId, newClientId: newClientId(), content, mentions })
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
