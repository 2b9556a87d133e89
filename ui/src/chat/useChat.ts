import { type Dispatch, useCallback, useEffect, useEffectEvent, useMemo, useReducer } from 'react'
import { errorCode } from '../actions/apiCall'
import { deleteMessage, editMessage } from '../actions/messagerieAction'
import { fetchMe } from '../actions/sessionAction'
import type { Id, Message } from '../protocol'
import { chatReducer } from './chatReducer'
import { type ChatEvent, type ChatState, initialChatState, typingLifetime } from './chatState'
import { type ConversationCommands, useConversations } from './useConversations'
import { type OutboxCommands, useOutbox } from './useOutbox'
import { type ThreadCommands, useThreads } from './useThreads'
import { useWebSocket, type WebSocketHandle } from './useWebSocket'

export interface Chat extends ConversationCommands, OutboxCommands, ThreadCommands {
  state: ChatState
  dispatch: Dispatch<ChatEvent>
  socket: WebSocketHandle
  /** Rejects with an ApiError. */
  edit: (message: Pick<Message, 'id' | 'conversation_id'>, content: string) => Promise<void>
  remove: (message: Message) => void
}

/** The chat of one user: its state, the socket that feeds it and what can be done. */
export function useChat(userId: Id, selectedId: Id | null): Chat {
  const [state, dispatch] = useReducer(chatReducer, userId, initialChatState)

  const socket = useWebSocket(
    userId,
    (frame) => {
      dispatch({ type: 'frame', frame, at: Date.now() })
    },
    (isConnected) => {
      dispatch({ type: 'linkChanged', isConnected })
    },
    checkSession,
  )
  useTypingExpiry(state, dispatch)
  const isAdrift = socket.link.status === 'waiting' || socket.link.status === 'offline'
  const conversations = useConversations(state, dispatch, selectedId, isAdrift)
  const outbox = useOutbox(state, dispatch, socket.sendChatMessage)
  const threads = useThreads(state, dispatch)
  useOpening(state, selectedId, threads.openThread)
  useJoining(state, selectedId, socket.joinConversation)

  const edit = useCallback(async (message: Pick<Message, 'id' | 'conversation_id'>, content: string) => {
    try {
      dispatch({ type: 'messageEdited', message: await editMessage(message, content) })
    } catch (error) {
      // Missed without a link: the tombstone shows as if its frame had come.
      if (errorCode(error) === 'message_deleted') dispatch({ type: 'messageDeleted', conversationId: message.conversation_id, messageId: message.id })
      throw error
    }
  }, [])
  const remove = useCallback((message: Message) => {
    deleteMessage(message).then(
      () => {
        dispatch({ type: 'messageDeleted', conversationId: message.conversation_id, messageId: message.id })
      },
      (error: unknown) => {
        dispatch({ type: 'noticed', code: errorCode(error) })
      },
    )
  }, [])

  // The same one until something in it changes: what is given it isn't rendered anew by each letter of a search.
  return useMemo(
    () => ({ state, dispatch, socket, edit, remove, ...conversations, ...outbox, ...threads }),
    [state, socket, edit, remove, conversations, outbox, threads],
  )
}

/** A browser hides why a socket was refused; a request tells, and ends the session on a 401. */
function checkSession(): void {
  fetchMe().catch(() => undefined)
}

/** Loads the selected conversation; where that failed, once more on each link that is open. */
function useOpening({ threads, conversations, link }: ChatState, selectedId: Id | null, openThread: (conversationId: Id) => void): void {
  const open = useEffectEvent(openThread)
  const isKnown = selectedId !== null && conversations[selectedId] !== undefined
  const load = selectedId === null ? undefined : threads[selectedId]?.load
  const isDue = load === undefined || (load.status === 'failed' && link.status === 'open' && load.epoch !== link.epoch)
  useEffect(() => {
    if (isKnown && isDue) open(selectedId)
  }, [isKnown, isDue, selectedId])
}

function useJoining(state: ChatState, selectedId: Id | null, joinConversation: WebSocketHandle['joinConversation']): void {
  const isOpen = state.link.status === 'open'
  const isKnown = selectedId !== null && state.conversations[selectedId] !== undefined
  useEffect(() => {
    if (isOpen && isKnown) joinConversation(selectedId)
  }, [isOpen, isKnown, selectedId, joinConversation])
}

function useTypingExpiry({ typists }: ChatState, dispatch: Dispatch<ChatEvent>): void {
  useEffect(() => {
    if (typists.length === 0) return
    const first = Math.min(...typists.map((typist) => typist.since)) + typingLifetime
    const timer = window.setTimeout(
      () => {
        dispatch({ type: 'typingExpired', at: Date.now() })
      },
      Math.max(0, first - Date.now()),
    )
    return () => {
      window.clearTimeout(timer)
    }
  }, [typists, dispatch])
}
