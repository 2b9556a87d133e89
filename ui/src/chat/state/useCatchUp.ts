import { type Dispatch, useEffect, useEffectEvent, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { fetchMessages } from '../../actions/messagerieAction'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { newestId, type Thread } from './thread'

/** Runs some work, unless work of the same key is under way. */
export type Once = (key: string, work: (request: number) => Promise<void>) => Promise<void>

/** Before what is held is requested again, in milliseconds. */
const pause = 5_000
/** The server's longest. */
const longestPage = 200

/** Fetches the held messages of the selected conversation anew where they may be out of date. */
export function useCatchUp({ threads, link, conversations }: ChatState, dispatch: Dispatch<ChatEvent>, selectedId: Id | null, once: Once): void {
  // The others are brought up to date when they are opened.
  const selected = selectedId !== null && conversations[selectedId] ? threads[selectedId] : undefined
  const isStale = link.status === 'open' && selected?.load.status === 'ready' && selected.sync === 'stale'
  // Counts the tries: one may fail, and what came in meanwhile may leave it stale.
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

/** All that we hold anew, page by page, and what has come behind it where we hold the end; whether that succeeded. */
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
    // The thread stays stale, and is asked for again.
    // A lost link says so itself, and goes by itself.
    if (!isAbort(error) && errorCode(error) !== 'network') dispatch({ type: 'noticed', code: errorCode(error) })
    return false
  }
}
