import { isArrayOf } from '../protocol/decode'
import { type EarlierContent, isEarlierContent } from '../protocol/history'
import type { Message } from '../protocol/resources'
import { apiPage } from './apiCall'

/** What a message said before its edits, oldest first; for its author, and for those who moderate. */
export async function fetchHistory({ id, conversation_id: conversation }: Pick<Message, 'id' | 'conversation_id'>, options: { signal?: AbortSignal } = {}): Promise<EarlierContent[]> {
  const path = `/api/messagerie/messages/${conversation}/${id}/history/`
  const all: EarlierContent[] = []
  let query: Record<string, string> | null = {}
  while (query) {
    const page: Awaited<ReturnType<typeof apiPage<EarlierContent>>> = await apiPage({ path, query, signal: options.signal }, isArrayOf(isEarlierContent))
    all.push(...page)
    query = page.next && page.length > 0 ? Object.fromEntries(new URLSearchParams(page.next)) : null
  }
  return all
}
