import { isKept } from '../../actions/apiCall'
import { fetchMessages } from '../../actions/messagerieAction'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { receiptOf } from './conversations'
import { readPlace } from './readingPlace'

export const pageLength = 50

interface Stretch {
  messages: Message[]
  hasOlder: boolean
  hasNewer: boolean
  isKept?: boolean
}

/**
 * The range around the wanted message. Without one the newest page; or the range around the first unread message, or
 * else around the previous position, if that is older.
 */
export async function fetchOpening(conversation: Conversation | undefined, conversationId: Id, userId: Id, wanted: Id | null): Promise<Stretch> {
  // Offline only the newest page is cached.
  const wantedRange = wanted === null ? null : await fetchAround(conversationId, wanted).catch(() => null)
  if (wantedRange) return wantedRange
  const unread = conversation?.unread_count ?? 0
  if (conversation && unread >= pageLength) return fetchAround(conversationId, receiptOf(conversation, userId).last_read)
  const newest = await fetchNewest(conversationId)
  const leftAt = unread > 0 ? undefined : readPlace(userId, conversationId)?.messageId
  // Offline, as above.
  const around = leftAt && leftAt < (newest.messages[0]?.id ?? 0) ? await fetchAround(conversationId, leftAt).catch(() => null) : null
  return around ?? newest
}

export async function fetchNewest(conversationId: Id): Promise<Stretch> {
  const newest = await fetchMessages(conversationId, { limit: pageLength })
  return { messages: [...newest], hasOlder: newest.next !== null, hasNewer: false, isKept: isKept(newest) }
}

/** A page up to a message, and one after it. */
export async function fetchAround(conversationId: Id, messageId: Id): Promise<Stretch> {
  const [before, after] = await Promise.all([
    messageId === 0 ? null : fetchMessages(conversationId, { before: messageId + 1, limit: pageLength }),
    fetchMessages(conversationId, { after: messageId, limit: pageLength }),
  ])
  return { messages: [...(before ?? []), ...after], hasOlder: before !== null && before.next !== null, hasNewer: after.next !== null }
}
