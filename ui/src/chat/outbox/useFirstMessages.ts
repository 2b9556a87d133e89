import { type Dispatch, useEffect, useState } from 'react'
import { ApiError, errorCode, isAbort } from '../../actions/apiCall'
import { createConversation } from '../../actions/messagerieAction'
import { personIn } from '../../lib/place'
import type { Id } from '../../protocol/resources'
import { asking } from '../state/asking'
import type { ChatEvent } from '../state/chatEvent'
import type { Outgoing } from '../state/chatState'
import { isPassing } from '../state/passing'

const pause = 5_000

/**
 * Creates the conversations for messages to people without one; requested again on a new link (`epoch`).
 * However often, and from however many tabs, the server creates only one for a pair.
 */
export function useFirstMessages(outgoing: readonly Outgoing[], isSending: boolean, epoch: number, dispatch: Dispatch<ChatEvent>): void {
  // Incremented after each pause.
  const [turn, setTurn] = useState(0)
  const waiting = outgoing.filter((one) => one.delivery.status === 'waiting').flatMap((one) => personIn(one.place) ?? [])
  const people = [...new Set(waiting)].join()

  useEffect(() => {
    if (!isSending || !people) return
    const abort = new AbortController()
    const pauses: number[] = []
    const create = async (personId: Id) => {
      try {
        await asking(dispatch, async (request) => {
          const conversation = await createConversation([personId], { signal: abort.signal })
          dispatch({ type: 'conversationFetched', conversation, request })
        })
      } catch (error) {
        if (isAbort(error) || abort.signal.aborted) return
        if (!isPassing(errorCode(error))) {
          // A first message has only one recipient.
          const code = errorCode(error) === 'unknown_participants' ? 'recipient_gone' : errorCode(error)
          dispatch({ type: 'contactRefused', personId, code })
          return
        }
        const again = () => {
          setTurn((count) => count + 1)
        }
        const seconds = error instanceof ApiError ? error.retryAfter : null
        pauses.push(window.setTimeout(again, seconds === null ? pause : seconds * 1_000))
      }
    }
    for (const personId of people.split(',')) void create(Number(personId))
    return () => {
      abort.abort()
      pauses.forEach(window.clearTimeout)
    }
  }, [people, isSending, epoch, turn, dispatch])
}
