import type { Conversation, Id } from '../../protocol/resources'
import type { ChatState, Missed, News } from './chatState'
import { mentionsUser } from './mentions'

const keptLength = 20

export function withNews(state: ChatState, news: News | null): ChatState {
  // A response may have contained it before its frame arrives.
  if (!news || state.heard.some((one) => newsKey(one) === newsKey(news))) return state
  return { ...state, heard: [...state.heard, news].slice(-keptLength) }
}

export function newsKey(news: News): string {
  return news.kind === 'message' ? String(news.message.id) : `missed ${Math.max(...news.missed.map((one) => one.last.id))}`
}

/** The news in a list that no frame contained; none from the first list, and of muted conversations only a mention. */
export function newsOfList(state: ChatState, incoming: readonly Conversation[]): News | null {
  if (state.list.status !== 'ready') return null
  const newest = Math.max(0, ...Object.values(state.conversations).map(lastId))
  const missed = incoming.flatMap((one): Missed[] => {
    const known = state.conversations[one.conversation_id]
    // An unknown conversation may only have been too old for our list.
    const isMention = one.last_message !== null && mentionsUser(one.last_message, state.userId)
    if ((one.muted && !isMention) || !one.last_message || lastId(one) <= (known ? lastId(known) : newest)) return []
    const count = one.unread_count - (known?.unread_count ?? 0)
    return count > 0 ? [{ conversationId: one.conversation_id, count: one.muted ? 1 : count, last: one.last_message }] : []
  })
  const [first] = missed
  if (!first) return null
  const isOne = missed.length === 1 && first.count === 1 && !first.last.deleted && first.last.sender_id !== state.userId
  return isOne ? { kind: 'message', message: first.last } : { kind: 'missed', missed }
}

function lastId(conversation: Conversation): Id {
  return conversation.last_message?.id ?? 0
}
