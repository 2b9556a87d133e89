import { type Dispatch, useEffect, useEffectEvent, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { fetchMessages } from '../../actions/messagerieAction'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { newestId, type Thread } from './thread'

/** Runs some work, unless work with the same key is in progress. */
export type Once = (key: string, work: (request: number) => Promise<void>) => Promise<void>

/** Before loaded messages are requested again, in milliseconds. */
const pause = 5_000
/** The server's longest page. */
const longestPage = 200

/** Fetches the loaded messages of the selected conversation again if they may be out of date. */
export function useCatchUp({ threads, link, conversations }: ChatState, dispatch: Dispatch<ChatEvent>, selectedId: Id | null, once: Once): void {
  // The others are refreshed when they are opened.
  const selected = selectedId !== null && conversations[selectedId] ? threads[selectedId] : undefined
  const isStale = link.status === 'open' && selected?.load.status === 'ready' && selected.sync === 'stale'
  // Incremented after each attempt: it may have failed, or later changes may leave the thread stale.
  const [turn, setTurn] = useState(0)
  const catchUp = useEffectEvent(async (): Promise<boolean> => {
    let isDone = true
    if (selectedId === null || !selected) return isDone
    await once(`catch up ${selectedId} ${link.epoch}`, async (request) => {
      isDone = await fetchHeld(selectedId, selected, request, dispatch)
    })
    return isDone
  })
  useEffect(() => {
    if (!isStale) return
    let timer: number | undefined
    let isOver = false
    void catchUp().then((isDone) => {
      if (!isOver) timer = window.setTimeout(() => { setTurn((count) => count + 1) }, isDone ? 0 : pause)
    })
    return () => {
      isOver = true
      window.clearTimeout(timer)
    }
  }, [isStale, selectedId, link.epoch, turn])
}

/** Fetches all loaded messages again, page by page, and newer ones if the end is loaded; returns whether that succeeded. */
async function fetchHeld(conversationId: Id, thread: Thread, request: number, dispatch: Dispatch<ChatEvent>): Promise<boolean> {
  const { messages, older, newer } = thread
  const start = older.status === 'end' ? 0 : (messages[0]?.id ?? 1) - 1
  const end = newer.status === 'end' ? Infinity : newestId(messages)
  try {
    for (let after = start, hasNewer = true; hasNewer && after < end;) {
      const page = await fetchMessages(conversationId, { after, limit: longestPage })
      hasNewer = page.next !== null && page.length > 0
      dispatch({ type: 'messagesRefreshed', conversationId, after, messages: page, hasNewer, request })
      after = newestId(page)
    }
    dispatch({ type: 'caughtUp', conversationId, after: start, request })
    return true
  } catch (error) {
    // The thread stays stale, and is requested again.
    // A lost link has its own indicator.
    if (!isAbort(error) && errorCode(error) !== 'network') dispatch({ type: 'noticed', code: errorCode(error) })
    return false
  }
}
