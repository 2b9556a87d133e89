import { type Dispatch, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { errorCode, isAbort } from '../actions/apiCall'
import {
  addParticipants,
  type ConversationChange,
  createConversation,
  fetchConversation,
  fetchConversations,
  removeParticipants,
  updateConversation,
} from '../actions/messagerieAction'
import type { Conversation, Id } from '../protocol'
import type { ChatEvent, ChatState } from './chatState'

export interface ConversationCommands {
  loadMoreConversations: () => void
  /** Whether the selected conversation isn't ours, or doesn't exist. */
  isSelectionAbsent: boolean
  /** These reject with an ApiError. */
  startConversation: (participants: Id[], title?: string) => Promise<Conversation>
  changeConversation: (id: Id, change: ConversationChange) => Promise<void>
  addPeople: (id: Id, userIds: Id[]) => Promise<void>
  /** Oneself to leave. */
  removePeople: (id: Id, userIds: Id[]) => Promise<void>
}

/** The list beyond the frame that each link begins with: its first page, the next ones, new conversations. */
export function useConversations(
  state: ChatState,
  dispatch: Dispatch<ChatEvent>,
  selectedId: Id | null,
  /** The link is lost, or never came about. */
  isAdrift: boolean,
): ConversationCommands {
  const { userId, nextPage, listIsBehind, conversations, list, link } = state
  // Each page once at a time, and the first one also while a later one is under way.
  const underWay = useRef(new Set<string | null>())

  const load = useCallback(
    async (page: string | null) => {
      if (underWay.current.has(page)) return
      underWay.current.add(page)
      try {
        const loaded = await fetchConversations(userId, page ? { page } : {})
        dispatch({ type: 'listLoaded', conversations: loaded, next: loaded.next, isFirstPage: page === null })
      } catch (error) {
        dispatch({ type: 'listFailed', code: errorCode(error) })
      } finally {
        underWay.current.delete(page)
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

  // A link to an old conversation: it stands on a later page of the list, or nowhere. Who somebody is no request tells.
  const [absentId, setAbsentId] = useState<Id | null>(null)
  const isMissing = selectedId !== null && list.status === 'ready' && !conversations[selectedId]
  // What one leaves disappears before the answer comes: nobody needs to ask where it is.
  const leaving = useRef<Id | null>(null)
  useEffect(() => {
    if (leaving.current !== selectedId) leaving.current = null
    if (!isMissing || selectedId < 0 || leaving.current !== null) return
    const abort = new AbortController()
    fetchConversation(userId, selectedId, { signal: abort.signal }).then(
      (conversation) => {
        if (!abort.signal.aborted) dispatch({ type: 'conversationFetched', conversation })
      },
      (error: unknown) => {
        // Without a connection nothing is said: the next link asks again.
        if (!isAbort(error) && errorCode(error) !== 'network') setAbsentId(selectedId)
      },
    )
    return () => {
      abort.abort()
    }
  }, [isMissing, selectedId, userId, link.epoch, dispatch])

  const loadMoreConversations = useCallback(() => {
    if (nextPage) void load(nextPage)
  }, [nextPage, load])

  const startConversation = useCallback(
    async (participants: Id[], title?: string) => {
      const conversation = await createConversation(participants, title ? { title } : {})
      dispatch({ type: 'conversationFetched', conversation })
      return conversation
    },
    [dispatch],
  )

  const changeConversation = useCallback(
    async (id: Id, change: ConversationChange) => {
      dispatch({ type: 'conversationFetched', conversation: await updateConversation(id, change) })
    },
    [dispatch],
  )
  const addPeople = useCallback(
    async (id: Id, userIds: Id[]) => {
      dispatch({ type: 'conversationFetched', conversation: await addParticipants(id, userIds) })
    },
    [dispatch],
  )
  const removePeople = useCallback(
    async (id: Id, userIds: Id[]) => {
      if (userIds.includes(userId)) leaving.current = id
      try {
        await removeParticipants(id, userIds)
      } catch (error) {
        leaving.current = null
        throw error
      }
      dispatch({ type: 'peopleRemoved', conversationId: id, userIds })
    },
    [userId, dispatch],
  )

  const isSelectionAbsent = isMissing && (absentId === selectedId || selectedId < 0)
  return useMemo(
    () => ({ loadMoreConversations, isSelectionAbsent, startConversation, changeConversation, addPeople, removePeople }),
    [loadMoreConversations, isSelectionAbsent, startConversation, changeConversation, addPeople, removePeople],
  )
}
