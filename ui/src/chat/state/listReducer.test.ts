import { after, answered, arrives, frame, list, open } from '../../testing/chatEvents'
import { aConversation, aMessage, claire } from '../../testing/factories'
import type { ChatEvent } from './chatEvent'
import { initialChatState } from './chatState'

describe('the list of conversations', () => {
  test('counts unread messages, except in the visible conversation', () => {
    expect(after(open, arrives(12), arrives(13)).conversations[7]?.unread_count).toBe(2)
    expect(after(open, { type: 'watching', conversationId: 7 }, arrives(12)).conversations[7]?.unread_count).toBe(0)
  })

  test('doesn’t count the user’s own messages from another device, which don’t mark the others as read either', () => {
    const answered = after(open, arrives(12), arrives(13, { sender_id: claire.id })).conversations[7]
    expect(answered?.unread_count).toBe(1)
    expect(answered?.receipts).toEqual(after(open, arrives(12)).conversations[7]?.receipts)
  })

  test('drops conversations that a complete list no longer has', () => {
    expect(Object.keys(after(open, list(aConversation())).conversations)).toEqual(['7'])
  })

  test('keeps older pages when an incomplete list arrives', () => {
    const recent = Array.from({ length: 3 }, (_, index) =>
      aConversation({ conversation_id: 100 + index, updated_at: '2026-09-02T08:00:00.000Z' }),
    )
    const first = frame({ type: 'conversations_list', conversations: recent, complete: false })
    expect(Object.keys(after(open, first).conversations)).toHaveLength(5)
  })

  test('is not reverted by a response that is older than the last message', () => {
    const answer: ChatEvent = { type: 'listLoaded', conversations: [aConversation({ last_message: aMessage(11), unread_count: 0 })], page: null, next: null, request: 2 }
    const state = after(open, { type: 'requested', request: 2 }, arrives(12), answer)
    expect(state.conversations[7]).toMatchObject({ last_message: { id: 12 }, unread_count: 1 })
  })

  test('shows the message before a removed one, from the list that follows', () => {
    const state = after(open, frame({ type: 'message_deleted', conversation_id: 7, message_id: 11, removed: true }), list(aConversation({ last_message: aMessage(10) })))
    expect(state.conversations[7]?.last_message).toEqual(aMessage(10))
  })

  test('is fetched from its top if an incomplete list doesn’t cover what is below', () => {
    const loaded = answered({ type: 'listLoaded', conversations: [aConversation(), aConversation({ conversation_id: 6 })], page: null, next: 'cursor=1', request: 2 })
    const partly = (...ids: number[]) => frame({ type: 'conversations_list', conversations: ids.map((id) => aConversation({ conversation_id: id })), complete: false })
    const start = after(initialChatState(claire.id), { type: 'linkChanged', isConnected: true }, ...loaded)
    expect(after(start, partly(7, 6)).isTailStale).toBe(false)
    expect(after(start, partly(7)).isTailStale).toBe(true)
    const again = answered({ type: 'listLoaded', conversations: [aConversation(), aConversation({ conversation_id: 6 })], page: null, next: 'cursor=1', request: 3 })
    expect(after(start, partly(7), ...again).isTailStale).toBe(false)
  })

  test('doesn’t bring back a conversation that a frame has removed', () => {
    const answer: ChatEvent = { type: 'listLoaded', conversations: [aConversation(), aConversation({ conversation_id: 8 })], page: null, next: null, request: 2 }
    expect(Object.keys(after(open, { type: 'requested', request: 2 }, list(aConversation()), answer).conversations)).toEqual(['7'])
  })

  test('doesn’t show a conversation with a new message until it has been fetched', () => {
    const behind = after(open, arrives(12, { conversation_id: 99 }))
    expect(behind.unknown).toEqual([99])
    const answer = answered({ type: 'conversationFetched', conversation: aConversation({ conversation_id: 99 }), request: 2 })
    expect(after(behind, ...answer).unknown).toEqual([])
    expect(after(behind, ...answered({ type: 'conversationRefused', conversationId: 99, request: 2 })).unknown).toEqual([])
  })

  test('reduces the count after reading on another device, in part or in full', () => {
    const read = (messageId: number) =>
      frame({ type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: messageId, timestamp: '' })
    const unread = after(open, arrives(12), arrives(13))
    expect(after(unread, read(12)).conversations[7]?.unread_count).toBe(1)
    expect(after(unread, read(13)).conversations[7]?.unread_count).toBe(0)
  })
})
