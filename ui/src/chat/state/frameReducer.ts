import { assertNever } from '../../lib/assertNever'
import type { ServerFrame } from '../../protocol/frames'
import type { Id, Message } from '../../protocol/resources'
import type { ChatState } from './chatState'
import { newestId, type Thread, withLive, withoutMessage, withReacted, withUpdated } from './thread'
import { receiveList } from './listReducer'
import { withNews } from './news'
import { mentionsUser } from './mentions'
import { mapOutgoing } from './outbox'
import { isPassing } from './passing'
import { withHeard } from './requests'
import { afterGone, withoutScheduled, withScheduled } from './scheduled'
import { withFrame, withThread } from './stateChanges'
import { isWritingRefusal } from './writing'

/** Of the deleted messages that are remembered; a search shows fewer. */
const mostDeleted = 500

/** Applies a frame of the server; a missing type doesn't compile. */
export function reduceFrame(before: ChatState, frame: ServerFrame, at: number): ChatState {
  const state = withHeard(before, frame)
  switch (frame.type) {
    case 'conversations_list':
      return receiveList(state, frame)
    case 'new_message':
      return receiveMessage(state, frame)
    case 'message_updated': {
      const { message } = frame
      const id = message.conversation_id
      const revised = { edits: state.revised.edits + 1, deleted: state.revised.deleted.filter((one) => one !== message.id) }
      return withFrame(withThread({ ...state, revised }, id, (thread) => withUpdated(thread, message)), id, frame)
    }
    case 'message_deleted': {
      const { conversation_id: id } = frame
      const revised = { ...state.revised, deleted: [...state.revised.deleted, frame.message_id].slice(-mostDeleted) }
      return withFrame(withThread({ ...state, revised }, id, (thread) => withoutMessage(thread, frame)), id, frame)
    }
    case 'message_reactions': {
      const { conversation_id: id } = frame
      return withFrame(withThread(state, id, (thread) => ({ ...thread, messages: withReacted(thread.messages, frame) })), id, frame)
    }
    case 'conversation_events': {
      const { conversation_id: id } = frame
      return { ...state, eventful: { ...state.eventful, [id]: (state.eventful[id] ?? 0) + 1 } }
    }
    case 'message_pins':
    case 'messages_read':
    case 'messages_delivered':
      return withFrame(state, frame.conversation_id, frame)
    case 'typing_start': {
      if (frame.user_id === state.userId) return state
      const typist = { conversationId: frame.conversation_id, userId: frame.user_id, since: at }
      return { ...state, typists: [...withoutTypist(state, typist), typist] }
    }
    case 'typing_stop':
      return { ...state, typists: withoutTypist(state, { conversationId: frame.conversation_id, userId: frame.user_id }) }
    case 'error':
      return refuse(state, frame.code, frame.client_id)
    case 'message_scheduled':
      return withScheduled(state, frame.scheduled)
    case 'scheduled_gone':
      return afterGone(state, frame)
    // useChat passes the caller on.
    case 'me_updated':
    case 'conversation_joined':
    case 'pong':
      return state
    default:
      return assertNever(frame)
  }
}

function receiveMessage(state: ChatState, frame: Extract<ServerFrame, { type: 'new_message' }>): ChatState {
  const { message } = frame
  const id = message.conversation_id
  const isOwn = message.sender_id === state.userId
  const conversation = state.conversations[id]
  const isFromHere = isOwn && state.outgoing.some((one) => one.clientId === message.client_id)

  const next: ChatState = {
    ...withThread(state, id, (thread) => withLive(isFromHere ? leapTo(thread, message) : thread, message)),
    outgoing: isOwn ? state.outgoing.filter((one) => one.clientId !== message.client_id) : state.outgoing,
    typists: withoutTypist(state, { conversationId: id, userId: message.sender_id }),
    seen: state.watched === id ? { ...state.seen, [id]: message.id } : state.seen,
    unknown: conversation || state.unknown.includes(id) ? state.unknown : [...state.unknown, id],
  }
  const isNew = message.id > (conversation?.last_message?.id ?? 0)
  // The news of an unknown conversation comes from the response once it is fetched.
  const isNews = conversation && isNew && !isOwn && (!conversation.muted || mentionsUser(message, state.userId))
  const told = isNews ? withNews(next, { kind: 'message', message }) : next
  // Its `scheduled_gone` follows.
  return withFrame(isOwn ? withoutScheduled(told, (one) => one.client_id !== '' && one.client_id === message.client_id) : told, id, frame)
}

/** Keeps the user's message visible: if it doesn't adjoin the loaded range, a new range begins with it. */
function leapTo(thread: Thread, message: Message): Thread {
  if (thread.newer.status === 'end' || message.id <= newestId(thread.messages)) return thread
  return { ...thread, messages: [], older: { status: 'more' }, newer: { status: 'end' } }
}

function refuse(state: ChatState, code: string, clientId: string | undefined): ChatState {
  // For a late typing or read frame: the pane already says that the user is no longer in it.
  if (!clientId && code === 'not_participant') return state
  // For a read frame: it is sent again over the next link.
  if (!clientId && code === 'outcome_unknown') return state
  // For typing that was under way when writing was closed: the pane says why.
  if (!clientId && isWritingRefusal(code)) return state
  if (!clientId) return { ...state, notice: { code } }
  return mapOutgoing(state, (one) => one.clientId === clientId, isPassing(code) ? { status: 'waiting', isHeld: true } : { status: 'failed', code })
}

function withoutTypist(state: ChatState, typist: { conversationId: Id; userId: Id }) {
  const rest = state.typists.filter((one) => one.conversationId !== typist.conversationId || one.userId !== typist.userId)
  return rest.length === state.typists.length ? state.typists : rest
}
