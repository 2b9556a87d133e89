import { type Dispatch, useEffect, useState } from 'react'
import { ApiError, errorCode, isAbort } from '../actions/apiCall'
import { createConversation } from '../actions/messagerieAction'
import type { Id } from '../protocol'
import type { ChatEvent, Outgoing } from './chatState'
import { personAt } from './contacts'

/** What isn't the message's fault, and passes. */
const passing = ['network', 'too_many_requests', 'unauthorized']
const pause = 5_000

/**
 * Makes the conversations for what waits for a person; on a new link (`epoch`) asked for anew. However
 * often that is, and from however many tabs, the server makes one for a pair.
 */
export function useFirstMessages(outgoing: readonly Outgoing[], isSending: boolean, epoch: number, dispatch: Dispatch<ChatEvent>): void {
  // Counts the pauses that are over.
  const [turn, setTurn] = useState(0)
  const waiting = outgoing.filter((one) => one.conversationId < 0 && one.delivery.status === 'waiting')
  const places = [...new Set(waiting.map((one) => one.conversationId))].join()

  useEffect(() => {
    if (!isSending || !places) return
    const abort = new AbortController()
    const pauses: number[] = []
    const make = async (place: Id) => {
      try {
        const conversation = await createConversation([personAt(place) ?? 0], { signal: abort.signal })
        dispatch({ type: 'conversationFetched', conversation })
      } catch (error) {
        if (isAbort(error) || abort.signal.aborted) return
        if (!passing.includes(errorCode(error))) {
          dispatch({ type: 'placeRefused', conversationId: place, code: errorCode(error) })
          return
        }
        const again = () => {
          setTurn((count) => count + 1)
        }
        const seconds = error instanceof ApiError ? error.retryAfter : null
        pauses.push(window.setTimeout(again, seconds === null ? pause : seconds * 1_000))
      }
    }
    for (const place of places.split(',')) void make(Number(place))
    return () => {
      abort.abort()
      pauses.forEach(window.clearTimeout)
    }
  }, [places, isSending, epoch, turn, dispatch])
}
