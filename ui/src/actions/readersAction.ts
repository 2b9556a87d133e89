import { isArrayOf } from '../protocol/decode'
import { isMessageReader, type MessageReader } from '../protocol/readers'
import type { Message } from '../protocol/resources'
import { apiPage } from './apiCall'

/** What has become of one of the caller's messages for each of the others. */
export async function fetchReaders({ id, conversation_id: conversation }: Pick<Message, 'id' | 'conversation_id'>, options: { signal?: AbortSignal } = {}): Promise<MessageReader[]> {
  const path = `/api/messagerie/messages/${conversation}/${id}/readers/`
  const all: MessageReader[] = []
  let query: Record<string, string> | null = { limit: '200' }
  while (query) {
    const page: Awaited<ReturnType<typeof apiPage<MessageReader>>> = await apiPage({ path, query, signal: options.signal }, isArrayOf(isMessageReader))
    all.push(...page)
    query = page.next && page.length > 0 ? Object.fromEntries(new URLSearchParams(page.next)) : null
  }
  return all
}
