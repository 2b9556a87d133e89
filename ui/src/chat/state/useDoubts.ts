import { type Dispatch, useEffect, useEffectEvent, useRef, useState } from 'react'
import { ApiError, isKept } from '../../actions/apiCall'
import { fetchConversation } from '../../actions/messagerieAction'
import type { Id } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'

/** Between two requests for one conversation, in milliseconds. */
const pause = 2_000

/** Fetches the conversations for which frames weren't enough. */
export function useDoubts({ userId, conversations, unknown, link }: ChatState, dispatch: Dispatch<ChatEvent>): void {
  const doubtful = Object.values(conversations).filter(({ backlog }) => backlog.isDoubtful)
  const ids = [...unknown, ...doubtful.map((one) => one.conversation_id)].sort().join()
  const isOpen = link.status === 'open'
  const askedAt = useRef(new Map<Id, number>())
  // Incremented after each response.
  const [turn, setTurn] = useState(0)

  const ask = useEffectEvent(async (id: Id) => {
    askedAt.current.set(id, Infinity)
    await asking(dispatch, async (request) => {
      try {
        const conversation = await fetchConversation(userId, id)
        dispatch({ type: 'conversationFetched', conversation, request, isKept: isKept(conversation) })
      } catch (error) {
        // Any other error may be retried.
        if (error instanceof ApiError && error.code === 'not_participant') dispatch({ type: 'conversationRefused', conversationId: id, request })
      }
    })
    askedAt.current.set(id, performance.now())
    setTurn((count) => count + 1)
  })
  useEffect(() => {
    if (!isOpen || !ids) return
    const timers = ids.split(',').map(Number).map((id) => {
      const due = (askedAt.current.get(id) ?? -Infinity) + pause - performance.now()
      return due === Infinity ? undefined : window.setTimeout(() => void ask(id), Math.max(0, due))
    })
    return () => {
      timers.forEach(window.clearTimeout)
    }
  }, [ids, isOpen, turn])
}
