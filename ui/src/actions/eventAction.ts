import { isArrayOf } from '../protocol/decode'
import { type ConversationEvent, isConversationEvent } from '../protocol/events'
import type { Id } from '../protocol/resources'
import { apiPage, type Page } from './apiCall'

/** What happened in a group besides messages, oldest first: the newest page, or the one before, by its `next`. */
export function fetchEvents(conversationId: Id, options: { page?: string; signal?: AbortSignal } = {}): Promise<Page<ConversationEvent>> {
  const { page, signal } = options
  const query = page ? Object.fromEntries(new URLSearchParams(page)) : { limit: '200' }
  return apiPage({ path: `/api/messagerie/conversations/${conversationId}/events/`, query, signal }, isArrayOf(isConversationEvent))
}
