import { assertNever } from '../lib/assertNever'
import type { Conversation, Id, Message, ServerFrame } from '../protocol'
import { type ChatState, type Thread } from './chatState'
import { mergeList, receiptOf, withReceipt } from './conversations'
import { newsOfList, withNews } from './news'
import { newerMessage, newestId, tombstone, withChange, withMessages } from './thread'

/** What each frame of the server changes; a type missing here doesn't compile. */
export function reduceFrame(state: ChatState, frame: ServerFrame, at: number): ChatState {
  switch (frame.type) {
    case 'conversations_list':
      return withNews(
        {
          ...state,
          list: { status: 'ready' },
          conversations: mergeList(state.conversations, frame.conversations, frame.complete),
          link: state.link.status === 'opening' ? { ...state.link, status: 'open' } : state.link,
        },
        newsOfList(state, frame.conversations),
      )
    case 'new_message':
      return receiveMessage(state, frame.message)
    case 'message_updated':
      return changeMessage(state, frame.message.conversation_id, frame.message.id, frame.message)
    case 'message_deleted':
      return changeMessage(state, frame.conversation_id, frame.message_id, 'deleted')
    case 'messages_read':
      return readUpTo(state, frame.conversation_id, frame.user_id, frame.message_id)
    case 'messages_delivered':
      return withConversation(state, frame.conversation_id, (conversation) =>
        withReceipt(conversation, { user_id: frame.user_id, last_read: 0, last_delivered: frame.message_id }),
      )
    case 'typing_start': {
      if (frame.user_id === state.userId) return state
      const typist = { conversationId: frame.conversation_id, userId: frame.user_id, since: at }
      return { ...state, typists: [...withoutTypist(state, typist), typist] }
    }
    case 'typing_stop':
      return { ...state, typists: withoutTypist(state, { conversationId: frame.conversation_id, userId: frame.user_id }) }
    case 'error':
      return refuse(state, frame.code, frame.client_id)
    case 'conversation_joined':
    case 'pong':
      return state
    default:
      return assertNever(frame)
  }
}

function receiveMessage(state: ChatState, message: Message): ChatState {
  const id = message.conversation_id
  const isOwn = message.sender_id === state.userId
  const conversation = state.conversations[id]
  const isNew = !conversation || message.id > (conversation.last_message?.id ?? 0)

  const isFromHere = isOwn && state.outgoing.some((one) => one.clientId === message.client_id)
  let next = withThread(state, id, (thread) => receiveInThread(isFromHere ? leapTo(thread, message) : thread, message))
  next = {
    ...next,
    outgoing: isOwn ? state.outgoing.filter((one) => one.clientId !== message.client_id) : state.outgoing,
    typists: withoutTypist(state, { conversationId: id, userId: message.sender_id }),
    listIsBehind: state.listIsBehind || !conversation,
  }
  // Of a conversation that isn't known yet, the list that is fetched for it tells.
  if (conversation && isNew && !isOwn && !conversation.muted) next = withNews(next, { kind: 'message', message })
  return withConversation(next, id, (known) => {
    const countsAsUnread = isNew && !isOwn && state.watched !== id && message.id > receiptOf(known, state.userId).last_read
    const last = known.last_message
    // Who answers hasn't told the server that they have read what came before.
    return {
      ...known,
      last_message: last && last.id === message.id ? newerMessage(last, message) : isNew ? message : last,
      updated_at: message.timestamp > known.updated_at ? message.timestamp : known.updated_at,
      unread_count: known.unread_count + (countsAsUnread ? 1 : 0),
    }
  })
}

/** What was written here stays in sight: where it doesn't border on what we hold, a stretch begins with it. */
function leapTo(thread: Thread, message: Message): Thread {
  if (thread.newer.status === 'end' || message.id <= newestId(thread.messages)) return thread
  return { ...thread, messages: [], older: { status: 'more' }, newer: { status: 'end' }, syncedTo: message.id }
}

function receiveInThread(thread: Thread, message: Message): Thread {
  // It doesn't border on what we hold: it comes with the pages in between.
  if (thread.newer.status !== 'end' && message.id > newestId(thread.messages)) return thread
  const next = withMessages(thread, [message])
  // Before everything missed is fetched, a live message says nothing of those before it.
  return thread.sync === 'live' ? { ...next, syncedTo: newestId(next.messages) } : next
}

function changeMessage(state: ChatState, conversationId: Id, messageId: Id, change: Message | 'deleted'): ChatState {
  const inThread = withThread(state, conversationId, (thread) => withChange(thread, messageId, change))
  const changed = withConversation(inThread, conversationId, (conversation) => {
    const last = conversation.last_message
    if (last?.id !== messageId) return conversation
    return { ...conversation, last_message: change === 'deleted' ? tombstone(last) : newerMessage(last, change) }
  })
  return change === 'deleted' || change.deleted ? uncount(state, changed, conversationId, messageId) : changed
}

/** What was deleted unread is unread no more; a doubled frame takes nothing away twice. */
function uncount(before: ChatState, state: ChatState, conversationId: Id, messageId: Id): ChatState {
  const conversation = before.conversations[conversationId]
  if (!conversation || conversation.unread_count === 0) return state
  const readTo = Math.max(receiptOf(conversation, state.userId).last_read, state.reported[conversationId] ?? 0)
  if (messageId <= readTo) return state
  const held = heldUnread(state, conversationId, readTo)
  if (held !== null) return withConversation(state, conversationId, (known) => ({ ...known, unread_count: held }))
  const last = conversation.last_message
  // Whose it was, and whether it was counted, only the server knows.
  if (last?.id !== messageId) return { ...state, listIsBehind: true }
  if (last.deleted || last.sender_id === state.userId) return state
  return withConversation(state, conversationId, (known) => ({ ...known, unread_count: known.unread_count - 1 }))
}

function readUpTo(state: ChatState, conversationId: Id, userId: Id, messageId: Id): ChatState {
  return withConversation(state, conversationId, (conversation) => {
    const moved = withReceipt(conversation, { user_id: userId, last_read: messageId, last_delivered: messageId })
    if (userId !== state.userId) return moved
    if (messageId >= (conversation.last_message?.id ?? 0)) return { ...moved, unread_count: 0 }
    const held = heldUnread(state, conversationId, messageId)
    // The old count where we hold too little to tell.
    if (held === null) return moved
    // What came since then stands before the user's eyes, and its report is under way.
    return { ...moved, unread_count: state.watched === conversationId ? 0 : held }
  })
}

/** How many after a message are unread, as the server counts them; null where we don't hold them all. */
function heldUnread(state: ChatState, conversationId: Id, readTo: Id): number | null {
  const thread = state.threads[conversationId]
  const oldest = thread?.messages[0]
  if (!oldest || oldest.id > readTo || thread.newer.status !== 'end' || thread.sync !== 'live') return null
  return thread.messages.filter((message) => message.id > readTo && message.sender_id !== state.userId && !message.deleted).length
}

function refuse(state: ChatState, code: string, clientId: string | undefined): ChatState {
  // Of a sign of typing or of reading that came too late: the pane says that one is no longer in it.
  if (!clientId && code === 'not_participant') return state
  if (!clientId) return { ...state, notice: { code } }
  return {
    ...state,
    outgoing: state.outgoing.map((one) =>
      one.clientId === clientId ? { ...one, delivery: { status: 'failed', code } } : one,
    ),
  }
}

export function withConversation(
  state: ChatState,
  id: Id,
  change: (conversation: Conversation) => Conversation,
): ChatState {
  const conversation = state.conversations[id]
  if (!conversation) return state
  const changed = change(conversation)
  return changed === conversation ? state : { ...state, conversations: { ...state.conversations, [id]: changed } }
}

export function withThread(state: ChatState, id: Id, change: (thread: Thread) => Thread): ChatState {
  const thread = state.threads[id]
  return thread ? { ...state, threads: { ...state.threads, [id]: change(thread) } } : state
}

function withoutTypist(state: ChatState, typist: { conversationId: Id; userId: Id }) {
  const rest = state.typists.filter(
    (one) => one.conversationId !== typist.conversationId || one.userId !== typist.userId,
  )
  return rest.length === state.typists.length ? state.typists : rest
}
