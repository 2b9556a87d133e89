import { type Dispatch, useCallback, useEffect, useEffectEvent, useMemo, useReducer } from 'react'
import { errorCode } from '../actions/apiCall'
import { deleteMessage, editMessage } from '../actions/messagerieAction'
import { fetchMe } from '../actions/sessionAction'
import type { Id, Message } from '../protocol'
import { chatReducer } from './chatReducer'
import { type ChatEvent, type ChatState, initialChatState, typingLifetime } from './chatState'
import { type Contact, personAt, placeOf, withContacts } from './contacts'
import { directWith } from './conversations'
import { type ContactCommands, useContacts } from './useContacts'
import { type ConversationCommands, useConversations } from './useConversations'
import { useDueCorrections } from './useDueCorrections'
import { type OutboxCommands, useOutbox } from './useOutbox'
import { moveWriting } from './useIntent'
import { type ThreadCommands, useThreads } from './useThreads'
import { useWebSocket, type WebSocketHandle } from './useWebSocket'

export interface Chat extends ContactCommands, ConversationCommands, OutboxCommands, ThreadCommands {
  /** With the people to whom one writes for the first time as if they had a conversation. */
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
  const [contacts, contactCommands] = useContacts(userId)
  useMeetings(state, contacts, selectedId, contactCommands.forgetContact)
  const shown = useMemo(() => withContacts(state, contacts), [state, contacts])

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
  const conversations = useConversations(shown, dispatch, selectedId, isAdrift)
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
  useDueCorrections(state, selectedId, edit)
  const remove = useCallback((message: Message) => {
    deleteMessage(message).then(
      () => {
        dispatch({ type: 'messageDeleted', conversationId: message.conversation_id, messageId: message.id })
      },
      (error: unknown) => {
        dispatch({ type: 'noticed', code: errorCode(error), undone: 'delete' })
      },
    )
  }, [])

  // The same one until something in it changes: what is given it isn't rendered anew by each letter of a search.
  return useMemo(
    () => ({ state: shown, dispatch, socket, edit, remove, ...contactCommands, ...conversations, ...outbox, ...threads }),
    [shown, socket, edit, remove, contactCommands, conversations, outbox, threads],
  )
}

/** Who was written to for the first time, or wrote first, has a conversation now: what was begun is there. */
function useMeetings({ userId, conversations }: ChatState, contacts: readonly Contact[], selectedId: Id | null, forgetContact: (personId: Id) => void): void {
  const selected = selectedId === null ? null : personAt(selectedId)
  const people = new Set([...contacts.map(({ person }) => person.id), ...(selected === null ? [] : [selected])])
  const met = [...people].flatMap((personId) => {
    const conversation = directWith(conversations, userId, personId)
    return conversation ? [{ personId, conversationId: conversation.conversation_id }] : []
  })
  const move = useEffectEvent(() => {
    for (const { personId, conversationId } of met) {
      moveWriting(userId, placeOf(personId), conversationId)
      forgetContact(personId)
    }
  })
  const key = met.map(({ personId }) => personId).join()
  useEffect(() => {
    if (key) move()
  }, [key])
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
