import { type Dispatch, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { errorCode, isAbort, isKept } from '../../actions/apiCall'
import {
  addParticipants,
  type ConversationChange,
  createConversation,
  fetchConversation,
  fetchConversations,
  type GroupOptions,
  removeParticipants,
  updateConversation,
} from '../../actions/messagerieAction'
import type { Conversation, Id } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { useDoubts } from './useDoubts'
import { useListTop } from './useListTop'

export interface ConversationCommands {
  loadMoreConversations: () => void
  /** Whether the selected conversation isn't one of the user's, or doesn't exist. */
  isSelectionAbsent: boolean
  /** These reject with an ApiError. */
  startConversation: (participants: Id[], options: GroupOptions) => Promise<Conversation>
  changeConversation: (id: Id, change: ConversationChange) => Promise<void>
  addPeople: (id: Id, userIds: Id[]) => Promise<void>
  /** To leave, remove oneself. */
  removePeople: (id: Id, userIds: Id[]) => Promise<void>
}

/** The list in addition to the frame that each link begins with: its first page, the next ones, new conversations. */
export function useConversations(
  state: ChatState,
  dispatch: Dispatch<ChatEvent>,
  selectedId: Id | null,
  /** The link is lost, or was never opened. */
  isAdrift: boolean,
): ConversationCommands {
  const { userId, nextPage, conversations, list, link } = state
  useListTop(state, dispatch, isAdrift)
  useDoubts(state, dispatch)

  const pageUnderWay = useRef<string | null>(null)
  const loadMoreConversations = useCallback(() => {
    if (!nextPage || pageUnderWay.current === nextPage) return
    pageUnderWay.current = nextPage
    void asking(dispatch, async (request) => {
      try {
        const loaded = await fetchConversations(userId, { page: nextPage })
        dispatch({ type: 'listLoaded', conversations: loaded, next: loaded.next, page: nextPage, request, isKept: isKept(loaded) })
      } catch (error) {
        dispatch({ type: 'listFailed', code: errorCode(error) })
      } finally {
        pageUnderWay.current = null
      }
    })
  }, [nextPage, userId, dispatch])

  // A link to an old conversation: it is on a later page of the list, or doesn't exist.
  const [absentId, setAbsentId] = useState<Id | null>(null)
  const isMissing = selectedId !== null && list.status === 'ready' && !conversations[selectedId]
  // A conversation that is being left may disappear before the response arrives: it needn't be fetched.
  const leaving = useRef<Id | null>(null)
  useEffect(() => {
    if (leaving.current !== selectedId) leaving.current = null
    if (!isMissing || leaving.current !== null) return
    const abort = new AbortController()
    asking(dispatch, async (request) => {
      const conversation = await fetchConversation(userId, selectedId, { signal: abort.signal })
      if (!abort.signal.aborted) dispatch({ type: 'conversationFetched', conversation, request, isKept: isKept(conversation) })
    }).catch((error: unknown) => {
      // Without a connection there is no error: it is requested again on the next link.
      if (!isAbort(error) && errorCode(error) !== 'network') setAbsentId(selectedId)
    })
    return () => {
      abort.abort()
    }
  }, [isMissing, selectedId, userId, link.epoch, dispatch])

  const startConversation = useCallback(
    (participants: Id[], options: GroupOptions) =>
      asking(dispatch, async (request) => {
        const conversation = await createConversation(participants, options)
        dispatch({ type: 'conversationFetched', conversation, request })
        return conversation
      }),
    [dispatch],
  )
  const changeConversation = useCallback(
    (id: Id, change: ConversationChange) =>
      asking(dispatch, async (request) => {
        dispatch({ type: 'conversationFetched', conversation: await updateConversation(id, change), request })
      }),
    [dispatch],
  )
  const addPeople = useCallback(
    (id: Id, userIds: Id[]) =>
      asking(dispatch, async (request) => {
        dispatch({ type: 'conversationFetched', conversation: await addParticipants(id, userIds), request })
      }),
    [dispatch],
  )
  const removePeople = useCallback(
    (id: Id, userIds: Id[]) =>
      asking(dispatch, async (request) => {
        if (userIds.includes(userId)) leaving.current = id
        try {
          await removeParticipants(id, userIds)
        } catch (error) {
          leaving.current = null
          throw error
        }
        dispatch({ type: 'peopleRemoved', conversationId: id, userIds, request })
      }),
    [userId, dispatch],
  )

  const isSelectionAbsent = isMissing && absentId === selectedId
  return useMemo(
    () => ({ loadMoreConversations, isSelectionAbsent, startConversation, changeConversation, addPeople, removePeople }),
    [loadMoreConversations, isSelectionAbsent, startConversation, changeConversation, addPeople, removePeople],
  )
}
