import { type Dispatch, useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { deleteMessage, editMessage } from '../actions/messagerieAction'
import { conversationIn, personIn, type Place } from '../lib/place'
import type { Conversation, Id, Me, Message } from '../protocol/resources'
import { useDueCorrections } from './outbox/useDueCorrections'
import { useOutbox } from './outbox/useOutbox'
import type { OutboxCommands } from './outbox/useOutboxCommands'
import { useWebSocket, type WebSocketHandle } from './socket/useWebSocket'
import { asking } from './state/asking'
import { chatReducer } from './state/chatReducer'
import type { ChatEvent } from './state/chatEvent'
import { type ChatState, initialChatState, typingLifetime } from './state/chatState'
import { type Contact, conversationWith } from './state/contacts'
import { directWith } from './state/conversations'
import { type ContactCommands, useContacts } from './state/useContacts'
import { type ConversationCommands, useConversations } from './state/useConversations'
import { moveWriting } from './state/useIntent'
import { type React, useReactions } from './state/useReactions'
import { type ThreadCommands, useThreads } from './state/useThreads'
import { useWanted, type Wanted } from './state/useWanted'

/** The caller, as far as they are known, and what is called with each change of them. */
export interface CallerProps {
  me?: Me | undefined
  onMe?: (me: Me) => void
}

export interface Chat extends ContactCommands, ConversationCommands, OutboxCommands, ThreadCommands {
  state: ChatState
  me: Me | null
  /** Takes over what a request returns, unless a frame has told of the caller meanwhile. */
  refreshMe: (load: () => Promise<Me>) => Promise<void>
  /** Placeholders for conversations with people who are written to for the first time. */
  newContacts: Conversation[]
  dispatch: Dispatch<ChatEvent>
  socket: WebSocketHandle
  /** Rejects with an ApiError. */
  edit: (message: Pick<Message, 'id' | 'conversation_id'>, content: string) => Promise<void>
  remove: (message: Message) => void
  react: React
}

/** The chat of one user: its state, its socket and its commands. */
export function useChat(userId: Id, selected: Place | null, caller: CallerProps = {}, wanted: Wanted | null = null): Chat {
  const selectedId = conversationIn(selected)
  const [state, dispatch] = useReducer(chatReducer, userId, initialChatState)
  const [contacts, contactCommands] = useContacts(userId)
  useMeetings(state, contacts, personIn(selected), contactCommands.forgetContact)
  const newContacts = useNewContacts(state, contacts, personIn(selected))

  const { me, changeMe, refreshMe } = useMe(caller)

  const socket = useWebSocket(
    userId,
    (frame) => {
      if (frame.type === 'me_updated') changeMe(frame.me)
      dispatch({ type: 'frame', frame, at: Date.now() })
    },
    (isConnected) => {
      dispatch({ type: 'linkChanged', isConnected })
    },
    undefined,
    me?.ping_seconds,
  )
  useTypingExpiry(state, dispatch)
  const isAdrift = ['waiting', 'full', 'offline'].includes(socket.link.status)
  const conversations = useConversations(state, dispatch, selectedId, isAdrift)
  const outbox = useOutbox(state, dispatch, socket.sendChatMessage)
  const threads = useThreads(state, dispatch, selectedId)
  useOpening(state, selectedId, wanted, threads.openThread)
  useWanted(state, wanted, threads.loadAround)
  useJoining(state, selectedId, socket.joinConversation)

  const edit = useCallback(async (message: Pick<Message, 'id' | 'conversation_id'>, content: string) => {
    await asking(dispatch, async (request) => {
      try {
        dispatch({ type: 'messageEdited', message: await editMessage(message, content), request })
      } catch (error) {
        // The deletion was missed without a link: show the tombstone as if its frame had arrived.
        if (errorCode(error) === 'message_deleted') dispatch({ type: 'messageDeleted', conversationId: message.conversation_id, messageId: message.id, request })
        throw error
      }
    })
  }, [])
  useDueCorrections(state, selectedId, edit)
  const react = useReactions(dispatch)
  const remove = useCallback((message: Message) => {
    asking(dispatch, async (request) => {
      await deleteMessage(message)
      dispatch({ type: 'messageDeleted', conversationId: message.conversation_id, messageId: message.id, request })
    }).catch((error: unknown) => {
      dispatch({ type: 'noticed', code: errorCode(error), undone: 'delete' })
    })
  }, [])

  // The same object until something in it changes, so that components aren't rendered on each letter of a search.
  return useMemo(
    () => ({ state, me, refreshMe, newContacts, dispatch, socket, edit, remove, react, ...contactCommands, ...conversations, ...outbox, ...threads }),
    [state, me, refreshMe, newContacts, socket, edit, remove, react, contactCommands, conversations, outbox, threads],
  )
}

/** A page that hears of changes has the newest copy; for another one it is kept here. */
function useMe({ me: given, onMe }: CallerProps) {
  const [own, setOwn] = useState<Me | null>(null)
  // Of what has been told or asked for last.
  const newest = useRef(0)
  const take = onMe ?? setOwn
  const refreshMe = useCallback(
    async (load: () => Promise<Me>) => {
      const turn = ++newest.current
      const fresh = await load()
      if (newest.current === turn) take(fresh)
    },
    [take],
  )
  const changeMe = (me: Me) => {
    newest.current++
    take(me)
  }
  return { me: (onMe ? given : (own ?? given)) ?? null, changeMe, refreshMe }
}

/** The contacts without a known conversation; the selected one until what was begun has been moved into it. */
function useNewContacts({ userId, conversations }: ChatState, contacts: readonly Contact[], selected: Id | null): Conversation[] {
  // The same objects as long as nothing changes, so that their lines in the list aren't rendered.
  const all = useMemo(() => contacts.map((contact) => ({ contact, conversation: conversationWith(contact) })), [contacts])
  return useMemo(
    () => all.filter(({ contact: { person } }) => person.id === selected || !directWith(conversations, userId, person.id)).map(({ conversation }) => conversation),
    [all, conversations, userId, selected],
  )
}

/** Once there is a conversation with a new contact, moves the draft into it, before it is painted. */
function useMeetings({ userId, conversations }: ChatState, contacts: readonly Contact[], selected: Id | null, forgetContact: (personId: Id) => void): void {
  const people = new Set([...contacts.map(({ person }) => person.id), ...(selected === null ? [] : [selected])])
  const met = [...people].flatMap((personId) => {
    const conversation = directWith(conversations, userId, personId)
    return conversation ? [{ personId, conversationId: conversation.conversation_id }] : []
  })
  const move = useEffectEvent(() => {
    for (const { personId, conversationId } of met) {
      moveWriting(userId, { person: personId }, { conversation: conversationId })
      forgetContact(personId)
    }
  })
  const key = met.map(({ personId }) => personId).join()
  useLayoutEffect(() => {
    if (key) move()
  }, [key])
}

/** Loads the selected conversation; if that failed, again on each open link. */
function useOpening({ threads, conversations, link }: ChatState, selectedId: Id | null, wanted: Wanted | null, openThread: ThreadCommands['openThread']): void {
  const open = useEffectEvent((conversationId: Id) => {
    openThread(conversationId, wanted?.messageId)
  })
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
