import { type Dispatch, useCallback, useEffect, useRef } from 'react'
import { errorCode } from '../actions/apiCall'
import { createConversation, fetchConversations } from '../actions/messagerieAction'
import type { Conversation, Id } from '../protocol'
import type { ChatEvent, ChatState } from './chatState'

export interface ConversationCommands {
  loadMoreConversations: () => void
  /** Rejects with an ApiError. */
  startConversation: (participants: Id[], title?: string) => Promise<Conversation>
}

/** The list beyond the frame that each link begins with: its first page, the next ones, new conversations. */
export function useConversations(
  state: ChatState,
  dispatch: Dispatch<ChatEvent>,
  selectedId: Id | null,
  /** The link is lost, or never came about. */
  isAdrift: boolean,
): ConversationCommands {
  const { userId, nextPage, listIsBehind, conversations, list } = state
  const underWay = useRef(false)

  const load = useCallback(
    async (page: string | null) => {
      if (underWay.current) return
      underWay.current = true
      try {
        const loaded = await fetchConversations(userId, page ? { page } : {})
        dispatch({ type: 'listLoaded', conversations: loaded, next: loaded.next, isFirstPage: page === null })
      } catch (error) {
        dispatch({ type: 'listFailed', code: errorCode(error) })
      } finally {
        underWay.current = false
      }
    },
    [userId, dispatch],
  )

  useEffect(() => {
    void load(null)
  }, [load])

  useEffect(() => {
    if (listIsBehind) void load(null)
  }, [listIsBehind, load])

  // No link, and nothing shown yet: a request may still be answered, by what this device has kept.
  const isWithoutAny = isAdrift && list.status === 'loading'
  useEffect(() => {
    if (isWithoutAny) void load(null)
  }, [isWithoutAny, load])

  // A link to an old conversation: it stands on a later page of the list.
  const isMissing = selectedId !== null && list.status === 'ready' && !conversations[selectedId]
  useEffect(() => {
    if (isMissing && nextPage) void load(nextPage)
  }, [isMissing, nextPage, load])

  const loadMoreConversations = useCallback(() => {
    if (nextPage) void load(nextPage)
  }, [nextPage, load])

  const startConversation = useCallback(
    async (participants: Id[], title?: string) => {
      const conversation = await createConversation(participants, title ? { title } : {})
      dispatch({ type: 'conversationCreated', conversation })
      return conversation
    },
    [dispatch],
  )

  return { loadMoreConversations, startConversation }
}
