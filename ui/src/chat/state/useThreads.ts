import { type Dispatch, startTransition, useCallback, useMemo, useRef } from 'react'
import { errorCode } from '../../actions/apiCall'
import { fetchMessages } from '../../actions/messagerieAction'
import type { Id } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { fetchAround, fetchNewest, fetchOpening, pageLength } from './fetchStretch'
import { newestId } from './thread'
import { type Once, useCatchUp } from './useCatchUp'

export interface ThreadCommands {
  /** Opens it at a message, or where the user left it. */
  openThread: (conversationId: Id, messageId?: Id | null) => void
  /** Loads the messages around one instead of the loaded ones. */
  loadAround: (conversationId: Id, messageId: Id) => void
  loadOlder: (conversationId: Id) => void
  /** Loads the next newer page if the newest messages aren't loaded. */
  loadNewer: (conversationId: Id) => void
  /** Jumps to the newest messages, however many are in between. */
  loadLatest: (conversationId: Id) => void
}

/** Fetches messages: the newest page of a conversation, older ones, and loaded ones again if they may be out of date. */
export function useThreads(state: ChatState, dispatch: Dispatch<ChatEvent>, selectedId: Id | null): ThreadCommands {
  const { threads, link, conversations, userId } = state
  const once = useOnce(dispatch)

  const openThread = useCallback(
    (conversationId: Id, messageId: Id | null = null) => {
      const load = threads[conversationId]?.load.status
      if (load === 'ready') return
      void once(`open ${conversationId} ${link.epoch}`, async (request) => {
        dispatch({ type: 'threadOpened', conversationId })
        try {
          const opening = await fetchOpening(conversations[conversationId], conversationId, userId, messageId)
          // Rendered with low priority: a page of messages would block an old phone.
          startTransition(() => {
            dispatch({ type: 'stretchLoaded', conversationId, request, ...opening })
          })
        } catch (error) {
          dispatch({ type: 'threadFailed', conversationId, code: errorCode(error), epoch: link.status === 'open' ? link.epoch : 0 })
        }
      })
    },
    [threads, conversations, userId, link, dispatch, once],
  )

  // Of several in progress, the last one asked for is shown.
  const around = useRef<Id | null>(null)
  const loadAround = useCallback(
    (conversationId: Id, messageId: Id) => {
      around.current = messageId
      void once(`around ${conversationId} ${messageId}`, async (request) => {
        const isWanted = () => around.current === messageId
        try {
          const range = await fetchAround(conversationId, messageId)
          if (!isWanted()) return
          if (range.messages.some(({ id }) => id === messageId)) dispatch({ type: 'stretchLoaded', conversationId, request, ...range })
          else dispatch({ type: 'noticed', code: 'invalid_message_id' })
        } catch (error) {
          if (isWanted()) dispatch({ type: 'noticed', code: errorCode(error) })
        }
      })
    },
    [dispatch, once],
  )

  const loadOlder = useCallback(
    (conversationId: Id) => {
      const thread = threads[conversationId]
      const before = thread?.messages[0]?.id
      if (before === undefined || thread?.older.status === 'end') return
      void once(`older ${conversationId}`, async (request) => {
        dispatch({ type: 'olderRequested', conversationId })
        try {
          const messages = await fetchMessages(conversationId, { before, limit: pageLength })
          dispatch({ type: 'olderLoaded', conversationId, before, messages, hasOlder: messages.next !== null, request })
        } catch (error) {
          dispatch({ type: 'olderFailed', conversationId, code: errorCode(error) })
        }
      })
    },
    [threads, dispatch, once],
  )

  const loadNewer = useCallback(
    (conversationId: Id) => {
      const thread = threads[conversationId]
      if (!thread || thread.newer.status === 'end') return
      void once(`newer ${conversationId}`, async (request) => {
        dispatch({ type: 'newerRequested', conversationId })
        try {
          const after = newestId(thread.messages)
          const messages = await fetchMessages(conversationId, { after, limit: pageLength })
          dispatch({ type: 'newerLoaded', conversationId, after, messages, hasNewer: messages.next !== null, request })
        } catch (error) {
          dispatch({ type: 'newerFailed', conversationId, code: errorCode(error) })
        }
      })
    },
    [threads, dispatch, once],
  )

  const loadLatest = useCallback(
    (conversationId: Id) => {
      // The next newer page may be in progress: if it arrives first this one replaces it, else it adjoins nothing.
      void once(`latest ${conversationId}`, async (request) => {
        dispatch({ type: 'newerRequested', conversationId })
        try {
          const newest = await fetchNewest(conversationId)
          if (newest.isKept) dispatch({ type: 'newerFailed', conversationId, code: 'network' })
          else dispatch({ type: 'stretchLoaded', conversationId, request, ...newest })
        } catch (error) {
          dispatch({ type: 'newerFailed', conversationId, code: errorCode(error) })
        }
      })
    },
    [dispatch, once],
  )

  useCatchUp(state, dispatch, selectedId, once)

  return useMemo(() => ({ openThread, loadAround, loadOlder, loadNewer, loadLatest }), [openThread, loadAround, loadOlder, loadNewer, loadLatest])
}

/** Runs one fetch at a time for each purpose and conversation, however often it is rendered. */
function useOnce(dispatch: Dispatch<ChatEvent>): Once {
  const underWay = useRef(new Set<string>())

  return useCallback(
    async (key: string, work: (request: number) => Promise<void>) => {
      if (underWay.current.has(key)) return
      underWay.current.add(key)
      try {
        await asking(dispatch, work)
      } finally {
        underWay.current.delete(key)
      }
    },
    [dispatch],
  )
}
