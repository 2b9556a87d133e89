import { ApiError, isKept } from '../../actions/apiCall'
import { fetchEvents } from '../../actions/eventAction'
import { fetchMessages, fetchWholeConversation } from '../../actions/messagerieAction'
import { type ConversationEvent, eventKinds } from '../../protocol/events'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { isWhole } from '../state/conversations'

/** The server's longest page. */
const perPage = 200

export interface WholeConversation {
  conversation: Conversation
  /** Oldest first. */
  messages: Message[]
  /** What happened in a group, oldest first. */
  events: ConversationEvent[]
}

/** All messages and all people of a conversation, page by page. Rejects with an ApiError: a part of it isn't the whole. */
export async function fetchAll(userId: Id, conversation: Conversation, signal: AbortSignal, onProgress: (count: number) => void): Promise<WholeConversation> {
  const id = conversation.conversation_id
  const named = isWhole(conversation) ? conversation : await fetchWholeConversation(userId, id, { signal })
  const pages: Message[][] = []
  let count = 0
  let page = await fetchMessages(id, { limit: perPage, signal })
  for (;;) {
    // What this device has kept of it.
    if (isKept(page)) throw new ApiError({ status: 0, code: 'network', message: 'only a part of the conversation is on this device' })
    pages.unshift(page)
    count += page.length
    onProgress(count)
    if (!page.next || page.length === 0) return { conversation: named, messages: pages.flat(), events: await allEvents(conversation, signal) }
    page = await fetchMessages(id, { page: page.next, signal })
  }
}

async function allEvents({ kind, conversation_id: id, pinned_messages: pins }: Conversation, signal: AbortSignal): Promise<ConversationEvent[]> {
  // An older server knows neither pins nor these.
  if (kind !== 'group' || pins === undefined) return []
  const pages: ConversationEvent[][] = []
  let page = await fetchEvents(id, { signal })
  for (;;) {
    pages.unshift(page.filter((event) => eventKinds.some((one) => one === event.kind)))
    if (!page.next || page.length === 0) return pages.flat()
    page = await fetchEvents(id, { page: page.next, signal })
  }
}
