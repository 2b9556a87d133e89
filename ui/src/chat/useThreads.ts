import { type Dispatch, startTransition, useCallback, useEffect, useMemo, useRef } from 'react'
import { errorCode, isAbort } from '../actions/apiCall'
import { fetchMessages } from '../actions/messagerieAction'
import type { Conversation, Id, Message } from '../protocol'
import type { ChatEvent, ChatState, Thread } from './chatState'
import { receiptOf } from './conversations'
import { readPlace } from './readingPlace'
import { newestId } from './thread'

const pageLength = 50
const catchUpLength = 200

export interface ThreadCommands {
  openThread: (conversationId: Id) => void
  loadOlder: (conversationId: Id) => void
  /** The next page on the way down, where the newest messages aren't among ours. */
  loadNewer: (conversationId: Id) => void
  /** Leaps to the newest messages, however many lie in between. */
  loadLatest: (conversationId: Id) => void
}

/** Fetches messages: the newest page of a conversation, older ones, and what a lost link has missed. */
export function useThreads(state: ChatState, dispatch: Dispatch<ChatEvent>): ThreadCommands {
  const { threads, link, conversations, userId } = state
  // One fetch at a time for each purpose and conversation, whatever the rendering does.
  const underWay = useRef(new Set<string>())

  const once = useCallback(async (key: string, work: () => Promise<void>) => {
    if (underWay.current.has(key)) return
    underWay.current.add(key)
    try {
      await work()
    } finally {
      underWay.current.delete(key)
    }
  }, [])

  const openThread = useCallback(
    (conversationId: Id) => {
      const load = threads[conversationId]?.load.status
      if (load === 'ready') return
      void once(`open ${conversationId} ${link.epoch}`, async () => {
        dispatch({ type: 'threadOpened', conversationId })
        try {
          const opening = await fetchOpening(conversations[conversationId], conversationId, userId)
          // Rendered in between of what one does: a page of messages would hold up an old phone.
          startTransition(() => {
            dispatch({ type: 'threadLoaded', conversationId, ...opening, epoch: link.epoch })
          })
        } catch (error) {
          dispatch({ type: 'threadFailed', conversationId, code: errorCode(error), epoch: link.status === 'open' ? link.epoch : 0 })
        }
      })
    },
    [threads, conversations, userId, link, dispatch, once],
  )

  const loadOlder = useCallback(
    (conversationId: Id) => {
      const thread = threads[conversationId]
      const oldest = thread?.messages[0]
      if (!oldest || thread.older.status === 'end') return
      void once(`older ${conversationId}`, async () => {
        dispatch({ type: 'olderRequested', conversationId })
        try {
          const messages = await fetchMessages(conversationId, { before: oldest.id, limit: pageLength })
          dispatch({ type: 'olderLoaded', conversationId, before: oldest.id, messages, hasOlder: messages.next !== null })
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
      void once(`newer ${conversationId}`, async () => {
        dispatch({ type: 'newerRequested', conversationId })
        try {
          const after = newestId(thread.messages)
          const messages = await fetchMessages(conversationId, { after, limit: pageLength })
          dispatch({ type: 'newerLoaded', conversationId, after, messages, hasNewer: messages.next !== null })
        } catch (error) {
          dispatch({ type: 'newerFailed', conversationId, code: errorCode(error) })
        }
      })
    },
    [threads, dispatch, once],
  )

  const loadLatest = useCallback(
    (conversationId: Id) => {
      // The same key: a page on the way down must not join the newest ones later.
      void once(`newer ${conversationId}`, async () => {
        dispatch({ type: 'newerRequested', conversationId })
        try {
          const messages = await fetchMessages(conversationId, { limit: pageLength })
          dispatch({ type: 'latestLoaded', conversationId, messages, hasOlder: messages.next !== null })
        } catch (error) {
          dispatch({ type: 'newerFailed', conversationId, code: errorCode(error) })
        }
      })
    },
    [dispatch, once],
  )

  useEffect(() => {
    if (link.status !== 'open') return
    for (const [id, thread] of Object.entries(threads)) {
      const conversationId = Number(id)
      // One that the list no longer has would be refused.
      if (!conversations[conversationId] || thread.load.status !== 'ready' || thread.sync !== 'stale') continue
      void once(`catch up ${conversationId} ${link.epoch}`, () => catchUp(conversationId, thread, link.epoch, dispatch))
    }
  }, [threads, conversations, link, dispatch, once])

  return useMemo(() => ({ openThread, loadOlder, loadNewer, loadLatest }), [openThread, loadOlder, loadNewer, loadLatest])
}

interface Stretch {
  messages: Message[]
  hasOlder: boolean
  hasNewer: boolean
}

/** The newest page; or, where what is unread or else the place that one had left lies before it, the stretch around that. */
async function fetchOpening(conversation: Conversation | undefined, conversationId: Id, userId: Id): Promise<Stretch> {
  const unread = conversation?.unread_count ?? 0
  if (conversation && unread >= pageLength) return fetchAround(conversationId, receiptOf(conversation, userId).last_read)
  const newest = await fetchMessages(conversationId, { limit: pageLength })
  const leftAt = unread > 0 ? undefined : readPlace(userId, conversationId)?.messageId
  // Without a network the newest page is all that a device has kept.
  const around = leftAt && leftAt < (newest[0]?.id ?? 0) ? await fetchAround(conversationId, leftAt).catch(() => null) : null
  return around ?? { messages: [...newest], hasOlder: newest.next !== null, hasNewer: false }
}

/** A page up to a message, and one after it. */
async function fetchAround(conversationId: Id, messageId: Id): Promise<Stretch> {
  const [before, after] = await Promise.all([
    messageId === 0 ? null : fetchMessages(conversationId, { before: messageId + 1, limit: pageLength }),
    fetchMessages(conversationId, { after: messageId, limit: pageLength }),
  ])
  return { messages: [...(before ?? []), ...after], hasOlder: before !== null && before.next !== null, hasNewer: after.next !== null }
}

/** Every message after the last one of which none before is missing; then what changed in the newest page. */
async function catchUp(
  conversationId: Id,
  thread: Thread,
  epoch: number,
  dispatch: Dispatch<ChatEvent>,
): Promise<void> {
  try {
    const { syncedTo } = thread
    // What was missed lies beyond our stretch: it comes when the reader gets there.
    if (thread.newer.status !== 'end') {
      dispatch({ type: 'caughtUp', conversationId, epoch })
      return
    }
    if (syncedTo > 0) {
      let page: string | null = null
      do {
        const messages: Awaited<ReturnType<typeof fetchMessages>> = await fetchMessages(
          conversationId,
          page ? { page } : { after: syncedTo, limit: catchUpLength },
        )
        dispatch({ type: 'messagesFetched', conversationId, messages })
        // A cursor that doesn't move would be asked for ever.
        page = messages.next !== page && newestId(messages) > 0 ? messages.next : null
      } while (page)
    }
    const newest = await fetchMessages(conversationId, { limit: pageLength })
    dispatch({ type: 'messagesFetched', conversationId, messages: newest })
    dispatch({ type: 'caughtUp', conversationId, epoch })
  } catch (error) {
    // The thread stays stale; the next link, or the next opening, tries again.
    // A lost link says so itself, and goes by itself.
    if (!isAbort(error) && errorCode(error) !== 'network') dispatch({ type: 'noticed', code: errorCode(error) })
  }
}
