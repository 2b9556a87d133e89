import { aConversation, aMessage, claire } from '../testing/factories'
import { chatReducer } from './chatReducer'
import { type ChatEvent, type ChatState, initialChatState } from './chatState'

const after = (state: ChatState, ...events: ChatEvent[]) => events.reduce(chatReducer, state)
const arrives = (id: number, fields = {}): ChatEvent => ({ type: 'frame', at: 0, frame: { type: 'new_message', message: aMessage(id, fields) } })
const deletes = (id: number): ChatEvent => ({ type: 'frame', at: 0, frame: { type: 'message_deleted', conversation_id: 7, message_id: id } })
const unread = (state: ChatState) => state.conversations[7]?.unread_count

/** Connected; of conversation 7, Claire has read up to message 10. */
const start = after(
  initialChatState(claire.id),
  { type: 'linkChanged', isConnected: true },
  {
    type: 'frame',
    at: 0,
    frame: {
      type: 'conversations_list',
      conversations: [aConversation({ last_message: aMessage(10), receipts: [{ user_id: claire.id, last_read: 10, last_delivered: 10 }] })],
      complete: true,
    },
  },
)
const opened = after(
  start,
  { type: 'threadOpened', conversationId: 7 },
  { type: 'threadLoaded', conversationId: 7, messages: [aMessage(9), aMessage(10)], hasOlder: true, hasNewer: false, epoch: 1 },
)

describe.each([
  ['whose messages are there', opened],
  ['that was never opened', start],
])('in a conversation %s', (_, state) => {
  test('a deleted message is unread no more, once', () => {
    const two = after(state, arrives(11), arrives(12))
    expect(unread(two)).toBe(2)
    expect(unread(after(two, deletes(12)))).toBe(1)
    expect(unread(after(two, deletes(12), deletes(12)))).toBe(1)
  })

  test('one that was read before, and one of our own, change nothing', () => {
    const two = after(state, arrives(11), arrives(12, { sender_id: claire.id }))
    expect(unread(after(two, deletes(10), deletes(12)))).toBe(1)
  })
})

test('in the middle of what is unread, the messages that are there are counted', () => {
  expect(unread(after(opened, arrives(11), arrives(12), deletes(11), deletes(11)))).toBe(1)
})

test('where only the server knows whether it counted, it is asked', () => {
  const state = after(start, arrives(11), arrives(12), deletes(11))
  expect(state).toMatchObject({ listIsBehind: true, conversations: { 7: { unread_count: 2 } } })
  expect(after(start, deletes(11)).listIsBehind).toBe(false)
})

test('reading in part counts no deleted message', () => {
  const read: ChatEvent = { type: 'frame', at: 0, frame: { type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: 11, timestamp: '' } }
  expect(unread(after(opened, arrives(11), arrives(12), arrives(13), deletes(12), read))).toBe(1)
})

test('what comes while an earlier report is under way is read, where one looks at it', () => {
  const read: ChatEvent = { type: 'frame', at: 0, frame: { type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: 11, timestamp: '' } }
  const watched = after(opened, { type: 'watching', conversationId: 7 }, arrives(11), arrives(12), read)
  expect(unread(watched)).toBe(0)
})
