import type { Conversation, Id, Message } from '../protocol'
import type { ChatState } from './chatState'

/** What came while there was no link, in one conversation. */
export interface Missed {
  conversationId: Id
  count: number
  last: Message
}

/** What is told to those who don't look: a message that came in, or how many were missed. */
export type News = { kind: 'message'; message: Message } | { kind: 'missed'; missed: Missed[] }

const keptLength = 20

export function withNews(state: ChatState, news: News | null): ChatState {
  return news ? { ...state, heard: [...state.heard, news].slice(-keptLength) } : state
}

export function newsKey(news: News): string {
  return news.kind === 'message' ? String(news.message.id) : `missed ${Math.max(...news.missed.map((one) => one.last.id))}`
}

/** What a list tells that no frame has told; nothing of the first list, and nothing of what is muted. */
export function newsOfList(state: ChatState, incoming: readonly Conversation[]): News | null {
  if (state.list.status !== 'ready') return null
  const newest = Math.max(0, ...Object.values(state.conversations).map(lastId))
  const missed = incoming.flatMap((one): Missed[] => {
    const known = state.conversations[one.conversation_id]
    // One that we don't know may only have been too old for our list.
    if (one.muted || !one.last_message || lastId(one) <= (known ? lastId(known) : newest)) return []
    const count = one.unread_count - (known?.unread_count ?? 0)
    return count > 0 ? [{ conversationId: one.conversation_id, count, last: one.last_message }] : []
  })
  const [first] = missed
  if (!first) return null
  const isOne = missed.length === 1 && first.count === 1 && !first.last.deleted && first.last.sender_id !== state.userId
  return isOne ? { kind: 'message', message: first.last } : { kind: 'missed', missed }
}

function lastId(conversation: Conversation): Id {
  return conversation.last_message?.id ?? 0
}
