import { type Dispatch, useEffect, useEffectEvent, useMemo, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { fetchWholeConversation } from '../../actions/messagerieAction'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { isLarge, isWhole, type Typist } from './conversations'

/** Whether all people of a conversation are loaded. */
export type Members = { status: 'whole' } | { status: 'loading' } | { status: 'failed'; code: string; retry: () => void }

/** Several lists in a row, as while a school's people are imported, are followed by one fetch; in milliseconds. */
const pause = 5_000

/**
 * A list names only some of the people of a large group. The others are fetched where they are needed: in the
 * details, for the read receipts of one's own messages, for the name of an author or of somebody who is typing.
 * They are fetched again after further lists, since the people may have changed.
 */
export function useMembers(
  { state, dispatch }: { state: ChatState; dispatch: Dispatch<ChatEvent> },
  conversation: Conversation,
  showsDetails: boolean,
): Members {
  const { userId, listCount } = state
  const id = conversation.conversation_id
  const messages = state.threads[id]?.messages
  const isAsked = useIsAsked(conversation, messages ?? noMessages, state.typists, userId)
  const isWanted = isAsked || (showsDetails && isLarge(conversation))
  const [failure, setFailure] = useState<string | null>(null)
  // `fetchedAt`: how many lists had arrived when the last fetch began; null until the first is over.
  const [turn, setTurn] = useState<{ count: number; fetchedAt: number | null }>({ count: 0, fetchedAt: null })
  const fetchAgain = () => {
    setTurn(({ count }) => ({ count: count + 1, fetchedAt: null }))
  }

  const listsSoFar = useEffectEvent(() => listCount)
  useEffect(() => {
    if (!isWanted) return
    const abort = new AbortController()
    const fetchedAt = listsSoFar()
    asking(dispatch, async (request) => {
      const conversation = await fetchWholeConversation(userId, id, { signal: abort.signal })
      if (abort.signal.aborted) return
      setFailure(null)
      dispatch({ type: 'conversationFetched', conversation, request })
    })
      .catch((error: unknown) => {
        if (!isAbort(error)) setFailure(errorCode(error))
      })
      .finally(() => {
        if (!abort.signal.aborted) setTurn(({ count }) => ({ count, fetchedAt }))
      })
    return () => {
      abort.abort()
    }
  }, [isWanted, userId, id, turn.count, dispatch])

  const isOutdated = isWanted && turn.fetchedAt !== null && turn.fetchedAt !== listCount
  useEffect(() => {
    if (!isOutdated) return
    const timer = window.setTimeout(fetchAgain, pause)
    return () => {
      window.clearTimeout(timer)
    }
  }, [isOutdated])

  if (isWhole(conversation)) return { status: 'whole' }
  if (failure === null) return { status: 'loading' }
  const retry = () => {
    setFailure(null)
    fetchAgain()
  }
  return { status: 'failed', code: failure, retry }
}

const noMessages: Message[] = []

/** Whether the conversation itself needs data about people who aren't loaded. */
function useIsAsked(conversation: Conversation, messages: readonly Message[], typists: readonly Typist[], userId: Id): boolean {
  const { conversation_id: id, participants } = conversation
  const large = isLarge(conversation)
  return useMemo(() => {
    if (!large) return false
    const known = new Set(participants.map((user) => user.id))
    return (
      messages.some(({ sender_id: sender, deleted }) => (sender === userId && !deleted) || (sender !== 0 && !known.has(sender))) ||
      typists.some((typist) => typist.conversationId === id && !known.has(typist.userId))
    )
  }, [large, id, participants, messages, typists, userId])
}
