import { type Dispatch, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { isCovered, onCoverChange } from '../../lib/cover'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { receiptOf } from './conversations'

/** True while the window is visible and has the focus, and no dialog covers the chat. */
export function useAttention(): boolean {
  return useSyncExternalStore(subscribeAttention, hasAttention, isNobody)
}

const hasAttention = () => document.visibilityState === 'visible' && document.hasFocus() && !isCovered()
/** During server rendering. */
const isNobody = () => false

function subscribeAttention(onChange: () => void): () => void {
  window.addEventListener('focus', onChange)
  window.addEventListener('blur', onChange)
  document.addEventListener('visibilitychange', onChange)
  const unsubscribe = onCoverChange(onChange)
  return () => {
    unsubscribe()
    window.removeEventListener('focus', onChange)
    window.removeEventListener('blur', onChange)
    document.removeEventListener('visibilitychange', onChange)
  }
}

/** In a busy group one report covers all messages since the last one; in milliseconds. */
const reportEvery = 500

/** Reports the messages that the user is looking at as read, each once per link. */
export function useReadMarking(
  state: ChatState,
  dispatch: Dispatch<ChatEvent>,
  watched: Id | null,
  markAsRead: (conversationId: Id, messageId: Id) => boolean,
): void {
  // Before the next frame is received, which may contain a message that counts as seen.
  useLayoutEffect(() => {
    dispatch({ type: 'watching', conversationId: watched })
  }, [watched, dispatch])

  const conversation = watched === null ? undefined : state.conversations[watched]
  const thread = watched === null ? undefined : state.threads[watched]
  const isReady = state.link.status === 'open' && thread?.load.status === 'ready'
  const newest = thread?.messages.findLast((message) => message.sender_id !== state.userId)?.id ?? 0
  const known = conversation ? Math.max(receiptOf(conversation, state.userId).last_read, state.reported[conversation.conversation_id] ?? 0) : 0
  const isUnread = newest > known

  const last = useRef({ conversationId: 0, at: -Infinity })
  const due = useRef<(() => void) | null>(null)
  useEffect(() => {
    if (watched === null || !isReady || !isUnread) return
    const report = () => {
      due.current = null
      if (!markAsRead(watched, newest)) return
      last.current = { conversationId: watched, at: performance.now() }
      dispatch({ type: 'readReported', conversationId: watched, messageId: newest })
    }
    const pause = last.current.conversationId === watched ? last.current.at + reportEvery - performance.now() : 0
    if (pause <= 0) {
      report()
      return
    }
    due.current = report
    const timer = window.setTimeout(report, pause)
    return () => {
      window.clearTimeout(timer)
    }
  }, [watched, isReady, isUnread, newest, markAsRead, dispatch])
  // A pending report is sent when the chat is closed, before its socket is.
  useLayoutEffect(
    () => () => {
      due.current?.()
    },
    [watched],
  )
}
