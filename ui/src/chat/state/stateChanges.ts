import type { Id } from '../../protocol/resources'
import { withReading } from './backlog'
import type { ChatState } from './chatState'
import type { Thread } from './thread'
import { afterFrame, type KnownConversation, withBacklog } from './knownConversation'
import type { Heard } from './heard'

export function withThread(state: ChatState, id: Id, change: (thread: Thread) => Thread): ChatState {
  const thread = state.threads[id]
  return thread ? { ...state, threads: { ...state.threads, [id]: change(thread) } } : state
}

/** Adds or replaces a conversation, with what the user has seen of it. */
export function withConversation(state: ChatState, told: KnownConversation): ChatState {
  return withConversations(state, [told])
}

/** The same of several at once: the known ones are copied once. */
export function withConversations(state: ChatState, told: readonly KnownConversation[]): ChatState {
  const changed = told.map((one) => asSeen(state, one)).filter((one) => one !== state.conversations[one.conversation_id])
  if (changed.length === 0) return state
  const conversations = { ...state.conversations }
  for (const one of changed) conversations[one.conversation_id] = one
  const isTold = (id: Id) => changed.some((one) => one.conversation_id === id)
  return { ...state, conversations, unknown: state.unknown.some(isTold) ? state.unknown.filter((id) => !isTold(id)) : state.unknown }
}

function asSeen(state: ChatState, told: KnownConversation): KnownConversation {
  const seen = withBacklog(told, withReading(told.backlog, state.seen[told.conversation_id] ?? 0))
  return seen.backlog.isDoubtful ? countedHere(seen, state) : seen
}

/** Applies a frame about a conversation. */
export function withFrame(state: ChatState, id: Id, frame: Heard): ChatState {
  const known = state.conversations[id]
  return known ? withConversation(state, afterFrame(known, frame, state.userId)) : state
}

/** If all messages that may be unread are loaded, they are counted here instead of by the server. */
function countedHere(one: KnownConversation, state: ChatState): KnownConversation {
  const thread = state.threads[one.conversation_id]
  const { readTo } = one.backlog
  if (!thread || thread.sync !== 'live' || thread.newer.status !== 'end') return one
  if (thread.older.status !== 'end' && (thread.messages[0]?.id ?? Infinity) > readTo) return one
  const unread = thread.messages.filter(({ id, sender_id, deleted }) => id > readTo && sender_id !== state.userId && !deleted)
  return withBacklog(one, { counted: 0, readTo, upTo: readTo, since: unread.map(({ id }) => id), isDoubtful: false })
}

/** Removes a conversation that is no longer the user's. Its unsent messages aren't lost: the list shows them. */
export function withoutConversation(state: ChatState, id: Id): ChatState {
  return {
    ...state,
    conversations: without(state.conversations, id),
    threads: without(state.threads, id),
    unknown: state.unknown.filter((other) => other !== id),
  }
}

function without<T>(record: Record<Id, T>, id: Id): Record<Id, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => Number(key) !== id))
}
