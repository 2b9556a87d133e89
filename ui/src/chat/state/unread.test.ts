import { after, answered, arrives, list } from '../../testing/chatEvents'
import { aConversation, aMessage, claire } from '../../testing/factories'
import type { ChatEvent } from './chatEvent'
import { type ChatState, initialChatState } from './chatState'

const deletes = (id: number): ChatEvent => ({ type: 'frame', at: 0, frame: { type: 'message_deleted', conversation_id: 7, message_id: id } })
const unread = (state: ChatState) => state.conversations[7]?.unread_count

const connected = after(initialChatState(claire.id), { type: 'linkChanged', isConnected: true })
const stretch = (...ids: number[]) =>
  answered({ type: 'stretchLoaded', conversationId: 7, messages: ids.map((id) => aMessage(id)), hasOlder: true, hasNewer: false, request: 1 })

/** In conversation 7, Claire has read up to message 10. */
const start = after(connected, list(aConversation({ last_message: aMessage(10), receipts: [{ user_id: claire.id, last_read: 10, last_delivered: 10 }] })))
const opened = after(start, { type: 'threadOpened', conversationId: 7 }, ...stretch(9, 10))

describe.each([
  ['whose messages are there', opened],
  ['that was never opened', start],
])('in a conversation %s', (_, state) => {
  test('a deleted message is no longer counted, once', () => {
    const two = after(state, arrives(11), arrives(12))
    expect(unread(two)).toBe(2)
    expect(unread(after(two, deletes(12)))).toBe(1)
    expect(unread(after(two, deletes(12), deletes(12)))).toBe(1)
  })

  test('deleting one that was read before, or one’s own, changes nothing', () => {
    const two = after(state, arrives(11), arrives(12, { sender_id: claire.id }))
    expect(unread(after(two, deletes(10), deletes(12)))).toBe(1)
  })
})

test('in the middle of unread messages, new ones are counted', () => {
  expect(unread(after(opened, arrives(11), arrives(12), deletes(11), deletes(11)))).toBe(1)
  expect(unread(after(start, arrives(11), arrives(12), deletes(11), deletes(11)))).toBe(1)
})

describe('with messages that a list has counted', () => {
  const isAsked = (state: ChatState) => state.conversations[7]?.backlog.isDoubtful
  const receipts = [{ user_id: claire.id, last_read: 8, last_delivered: 10 }]
  const counted = (count: number) => list(aConversation({ last_message: aMessage(10), receipts, unread_count: count }))

  test('only the server knows whether a deleted one was counted, so it is fetched', () => {
    const state = after(connected, counted(2), deletes(9))
    expect([unread(state), isAsked(state)]).toEqual([2, true])
    expect(isAsked(after(state, counted(1)))).toBe(false)
    expect(isAsked(after(connected, counted(2), deletes(8)))).toBe(false)
    expect(isAsked(after(connected, counted(0), deletes(9)))).toBe(false)
  })

  test('it isn’t fetched if all are loaded', () => {
    const state = after(connected, counted(2), { type: 'threadOpened', conversationId: 7 }, ...stretch(8, 9, 10), deletes(9))
    expect([unread(state), isAsked(state)]).toEqual([1, false])
  })

  test('a response older than a report doesn’t count messages that were reported as read', () => {
    const reported = after(connected, counted(2), { type: 'requested', request: 2 }, { type: 'readReported', conversationId: 7, messageId: 10 })
    const answer = aConversation({ last_message: aMessage(10), receipts, unread_count: 2 })
    expect(unread(after(reported, { type: 'conversationFetched', conversation: answer, request: 2 }))).toBe(0)
  })
})

test('reading in part doesn’t count deleted messages', () => {
  const read: ChatEvent = { type: 'frame', at: 0, frame: { type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: 11, timestamp: '' } }
  expect(unread(after(opened, arrives(11), arrives(12), arrives(13), deletes(12), read))).toBe(1)
})

test('messages that arrive in view while a report is in progress are read', () => {
  const read: ChatEvent = { type: 'frame', at: 0, frame: { type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: 11, timestamp: '' } }
  const watched = after(opened, { type: 'watching', conversationId: 7 }, arrives(11), arrives(12), read)
  expect(unread(watched)).toBe(0)
})
