import { isArrayOf } from '../protocol/decode'
import { isFoundMessage } from '../protocol/found'
import type { FoundMessage } from '../protocol/found'
import type { Id, Timestamp } from '../protocol/resources'
import { apiPage, type Page } from './apiCall'

export interface FindMessagesOptions {
  /** Only in this conversation. */
  conversationId?: Id | undefined
  /** Only by this person. */
  senderId?: Id | undefined
  /** Not before this time. */
  from?: Timestamp | undefined
  /** Before this time. */
  to?: Timestamp | undefined
  /** Only with an attachment, or with a link. */
  has?: 'attachment' | 'link' | undefined
  limit?: number
  /** The `next` of the previous page. */
  page?: string | undefined
  signal?: AbortSignal
}

/**
 * Messages of the caller's conversations with words that begin with each word of the query, newest first. The query may
 * be empty with `has: 'link'`. A page may be empty although it has a `next`.
 */
export function findMessages(query: string, options: FindMessagesOptions = {}): Promise<Page<FoundMessage>> {
  const { conversationId, senderId, from, to, has, limit, page, signal } = options
  return apiPage(
    {
      path: '/api/messagerie/find/',
      query: { q: query, conversation_id: conversationId, sender_id: senderId, from, to, has, limit, ...Object.fromEntries(new URLSearchParams(page)) },
      signal,
    },
    isArrayOf(isFoundMessage),
  )
}
