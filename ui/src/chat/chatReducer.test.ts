import type { ServerFrame } from '../protocol'
import { aConversation, aMessage, claire, elodie, jerome } from '../testing/factories'
import { chatReducer } from './chatReducer'
import { type ChatEvent, type ChatState, initialChatState } from './chatState'
import { statusOf } from './conversations'

function after(state: ChatState, ...events: ChatEvent[]): ChatState {
  return events.reduce(chatReducer, state)
}
function frame(frame: ServerFrame, at = 0): ChatEvent {
  return { type: 'frame', frame, at }
}
const list = (...conversations: Extract<ServerFrame, { type: 'conversations_list' }>['conversations']) =>
  frame({ type: 'conversations_list', conversations, complete: true })
const arrives = (id: number, fields = {}) => frame({ type: 'new_message', message: aMessage(id, fields) })
const written = (clientId: string): ChatEvent => ({
  type: 'written',
  outgoing: { clientId, conversationId: 7, content: clientId, replyTo: null, createdAt: '2026-09-01T08:00:00.000Z', sequence: 1, delivery: { status: 'waiting' } },
})
const ids = (state: ChatState) => state.threads[7]?.messages.map((message) => message.id)

/** Connected, with conversation 7 open and its messages 10 and 11 loaded. */
const open = after(
  initialChatState(claire.id),
  { type: 'linkChanged', isConnected: true },
  list(aConversation({ last_message: aMessage(11) }), aConversation({ conversation_id: 8 })),
  { type: 'threadOpened', conversationId: 7 },
  { type: 'threadLoaded', conversationId: 7, messages: [aMessage(10), aMessage(11)], hasOlder: true, hasNewer: false, epoch: 1 },
)

describe('messages', () => {
  test('stand in the order of their ids, however they come', () => {
    expect(ids(after(open, arrives(14), arrives(12), arrives(13)))).toEqual([10, 11, 12, 13, 14])
  })

  test('stand once, however often they come', () => {
    const state = after(open, arrives(12), arrives(12), arrives(12))
    expect(ids(state)).toEqual([10, 11, 12])
    expect(state.conversations[7]?.unread_count).toBe(1)
    expect(state.heard).toEqual([{ kind: 'message', message: aMessage(12) }])
  })

  test('that were edited are not undone by a late copy', () => {
    const edited = aMessage(11, { content: 'nouveau', edited_at: '2026-09-01T09:00:00.000Z' })
    const state = after(open, frame({ type: 'message_updated', message: edited }), arrives(11))
    expect(state.threads[7]?.messages[1]?.content).toBe('nouveau')
    expect(state.conversations[7]?.last_message?.content).toBe('nouveau')
  })

  test('that were deleted stay so, whatever comes late', () => {
    const state = after(
      open,
      frame({ type: 'message_deleted', conversation_id: 7, message_id: 11 }),
      frame({ type: 'message_updated', message: aMessage(11, { content: 'tard', edited_at: '2026-09-01T09:00:00.000Z' }) }),
    )
    expect(state.threads[7]?.messages[1]).toMatchObject({ deleted: true, content: '' })
    expect(state.conversations[7]?.last_message).toMatchObject({ deleted: true, content: '' })
  })

  test('deleted before they came are tombstones when they come', () => {
    const state = after(open, frame({ type: 'message_deleted', conversation_id: 7, message_id: 5 }), {
      type: 'olderLoaded',
      conversationId: 7,
      before: 10,
      messages: [aMessage(5)],
      hasOlder: false,
    })
    expect(state.threads[7]?.messages[0]).toMatchObject({ id: 5, deleted: true })
    expect(state.threads[7]?.early).toEqual({})
  })
})

describe('the list of conversations', () => {
  test('counts what is unread, but not what one is looking at', () => {
    expect(after(open, arrives(12), arrives(13)).conversations[7]?.unread_count).toBe(2)
    expect(after(open, { type: 'watching', conversationId: 7 }, arrives(12)).conversations[7]?.unread_count).toBe(0)
  })

  test('counts nothing of our own, from another device, which has not read the rest either', () => {
    const answered = after(open, arrives(12), arrives(13, { sender_id: claire.id })).conversations[7]
    expect(answered?.unread_count).toBe(1)
    expect(answered?.receipts).toEqual(after(open, arrives(12)).conversations[7]?.receipts)
  })

  test('drops what a complete list no longer holds', () => {
    expect(Object.keys(after(open, list(aConversation())).conversations)).toEqual(['7'])
  })

  test('keeps older pages when a list comes that is not complete', () => {
    const recent = Array.from({ length: 3 }, (_, index) =>
      aConversation({ conversation_id: 100 + index, updated_at: '2026-09-02T08:00:00.000Z' }),
    )
    const first = frame({ type: 'conversations_list', conversations: recent, complete: false })
    expect(Object.keys(after(open, first).conversations)).toHaveLength(5)
  })

  test('is not put back by a list that was computed before the last message', () => {
    const state = after(open, arrives(12), list(aConversation({ last_message: aMessage(11), unread_count: 0 })))
    expect(state.conversations[7]).toMatchObject({ last_message: { id: 12 }, unread_count: 1 })
  })

  test('says that it is behind when a message comes for an unknown conversation', () => {
    expect(after(open, arrives(12, { conversation_id: 99 })).listIsBehind).toBe(true)
  })

  test('empties the count when one has read elsewhere, in part or in full', () => {
    const read = (messageId: number) =>
      frame({ type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: messageId, timestamp: '' })
    const unread = after(open, arrives(12), arrives(13))
    expect(after(unread, read(12)).conversations[7]?.unread_count).toBe(1)
    expect(after(unread, read(13)).conversations[7]?.unread_count).toBe(0)
  })
})

describe('receipts', () => {
  const group = aConversation({ participants: [claire, jerome, elodie] })
  const own = aMessage(12, { sender_id: claire.id })
  const start = after(open, list(group), frame({ type: 'new_message', message: own }))
  const delivered = (userId: number) =>
    frame({ type: 'messages_delivered', conversation_id: 7, user_id: userId, message_id: 12 })
  const read = (userId: number) =>
    frame({ type: 'messages_read', conversation_id: 7, user_id: userId, message_id: 12, timestamp: '' })
  const status = (state: ChatState) => statusOf(own, state.conversations[7])

  test('say what all others have done, not one of them', () => {
    expect(status(start)).toBe('sent')
    expect(status(after(start, delivered(2)))).toBe('sent')
    expect(status(after(start, delivered(2), delivered(3)))).toBe('delivered')
    expect(status(after(start, delivered(2), read(3)))).toBe('delivered')
    expect(status(after(start, read(2), read(3)))).toBe('read')
  })

  test('never move back', () => {
    expect(status(after(start, read(2), read(3), delivered(2), list(group)))).toBe('read')
  })
})

describe('a lost link', () => {
  test('makes what was on its way wait again, and keeps what was refused', () => {
    const state = after(
      open,
      written('a'),
      written('b'),
      { type: 'handedOver', clientIds: ['a', 'b'] },
      frame({ type: 'error', code: 'content_too_long', message: '', client_id: 'b' }),
      { type: 'linkChanged', isConnected: false },
    )
    expect(state.outgoing.map((one) => one.delivery)).toEqual([
      { status: 'waiting' },
      { status: 'failed', code: 'content_too_long' },
    ])
  })

  test('leaves a mark below which nothing is missing: a live message on the new link does not move it', () => {
    const back = after(
      open,
      { type: 'linkChanged', isConnected: false },
      { type: 'linkChanged', isConnected: true },
      list(aConversation()),
      arrives(20),
    )
    expect(back.threads[7]).toMatchObject({ sync: 'stale', syncedTo: 11 })
    const caughtUp = after(
      back,
      { type: 'messagesFetched', conversationId: 7, messages: [aMessage(15), aMessage(20)] },
      { type: 'caughtUp', conversationId: 7, epoch: back.link.epoch },
    )
    expect(ids(caughtUp)).toEqual([10, 11, 15, 20])
    expect(caughtUp.threads[7]).toMatchObject({ sync: 'live', syncedTo: 20 })
  })

  test('during a fetch leaves the thread stale: the answer may be from before', () => {
    const state = after(
      initialChatState(claire.id),
      { type: 'linkChanged', isConnected: true },
      list(aConversation()),
      { type: 'threadOpened', conversationId: 7 },
      { type: 'linkChanged', isConnected: false },
      { type: 'linkChanged', isConnected: true },
      list(aConversation()),
      { type: 'threadLoaded', conversationId: 7, messages: [aMessage(10)], hasOlder: false, hasNewer: false, epoch: 1 },
    )
    expect(state.threads[7]).toMatchObject({ sync: 'stale', syncedTo: 10 })
  })

  test('ends a catching up that belonged to it', () => {
    const state = after(
      open,
      { type: 'linkChanged', isConnected: false },
      { type: 'linkChanged', isConnected: true },
      { type: 'caughtUp', conversationId: 7, epoch: 1 },
    )
    expect(state.threads[7]?.sync).toBe('stale')
  })

  test('takes the typing signs with it', () => {
    const typing = after(open, frame({ type: 'typing_start', conversation_id: 7, user_id: 2 }))
    expect(after(typing, { type: 'linkChanged', isConnected: false }).typists).toEqual([])
  })
})

describe('what we write', () => {
  const confirmed = (clientId: string) => arrives(12, { sender_id: claire.id, client_id: clientId })

  test('becomes the stored message when its copy comes back', () => {
    const state = after(open, written('a'), { type: 'handedOver', clientIds: ['a'] }, confirmed('a'))
    expect(state.outgoing).toEqual([])
    expect(ids(state)).toEqual([10, 11, 12])
  })

  test('is confirmed by history too, where the copy was lost', () => {
    const message = aMessage(12, { sender_id: claire.id, client_id: 'a' })
    expect(after(open, written('a'), { type: 'messagesFetched', conversationId: 7, messages: [message] }).outgoing).toEqual([])
  })

  test('is not confirmed by somebody else with the same client_id', () => {
    expect(after(open, written('a'), arrives(12, { client_id: 'a' })).outgoing).toHaveLength(1)
  })

  test('can be retried or withdrawn once refused', () => {
    const refused = after(open, written('a'), frame({ type: 'error', code: 'x', message: '', client_id: 'a' }))
    expect(after(refused, { type: 'retried', clientId: 'a' }).outgoing[0]?.delivery).toEqual({ status: 'waiting' })
    expect(after(refused, { type: 'withdrawn', clientId: 'a' }).outgoing).toEqual([])
  })
})

describe('typing', () => {
  const starts = (at: number) => frame({ type: 'typing_start', conversation_id: 7, user_id: 2 }, at)

  test('is forgotten after seven seconds without a new sign', () => {
    expect(after(open, starts(0), { type: 'typingExpired', at: 6_999 }).typists).toHaveLength(1)
    expect(after(open, starts(0), { type: 'typingExpired', at: 7_000 }).typists).toEqual([])
    expect(after(open, starts(0), starts(5_000), { type: 'typingExpired', at: 7_000 }).typists).toHaveLength(1)
  })

  test('ends with the message', () => {
    expect(after(open, starts(0), arrives(12)).typists).toEqual([])
  })

  test('of oneself on another device is not shown', () => {
    expect(after(open, frame({ type: 'typing_start', conversation_id: 7, user_id: claire.id })).typists).toEqual([])
  })
})

test('an error that belongs to no message is a notice', () => {
  const state = after(open, frame({ type: 'error', code: 'too_many_requests', message: '' }))
  expect(state.notice).toEqual({ code: 'too_many_requests' })
  expect(after(state, { type: 'noticeClosed' }).notice).toBeNull()
})

test.each<ServerFrame>([{ type: 'pong' }, { type: 'conversation_joined', conversation_id: 7 }])('$type changes nothing', (one) => {
  expect(after(open, frame(one))).toBe(open)
})

describe('a stretch in the middle of a conversation', () => {
  const middle = after(
    open,
    { type: 'threadLoaded', conversationId: 7, messages: [aMessage(3), aMessage(4)], hasOlder: true, hasNewer: true, epoch: 1 },
  )

  test('lets go what came live beyond it, and takes no live message without those before', () => {
    expect(ids(middle)).toEqual([3, 4])
    expect(ids(after(middle, arrives(12)))).toEqual([3, 4])
  })

  test('reaches the end page by page; what came meanwhile is one more page', () => {
    const state = after(middle, arrives(12), { type: 'newerLoaded', conversationId: 7, after: 4, messages: [aMessage(10), aMessage(11)], hasNewer: false })
    expect(state.threads[7]?.newer).toEqual({ status: 'more' })
    const end = after(state, { type: 'newerLoaded', conversationId: 7, after: 11, messages: [aMessage(12)], hasNewer: false }, arrives(13))
    expect(ids(end)).toEqual([3, 4, 10, 11, 12, 13])
    expect(end.threads[7]?.newer).toEqual({ status: 'end' })
  })

  test('takes no late page that doesn’t border on it', () => {
    const latest = after(middle, { type: 'latestLoaded', conversationId: 7, messages: [aMessage(10), aMessage(11)], hasOlder: true })
    const late = after(
      latest,
      { type: 'newerLoaded', conversationId: 7, after: 4, messages: [aMessage(5)], hasNewer: true },
      { type: 'olderLoaded', conversationId: 7, before: 3, messages: [aMessage(2)], hasOlder: true },
    )
    expect(ids(late)).toEqual([10, 11])
  })

  test('holds a thousand, letting go on the far side', () => {
    const page = Array.from({ length: 1_500 }, (_, index) => aMessage(index + 100))
    const far = after(
      open,
      { type: 'latestLoaded', conversationId: 7, messages: [aMessage(2_000)], hasOlder: true },
      { type: 'olderLoaded', conversationId: 7, before: 2_000, messages: page, hasOlder: true },
    )
    expect([ids(far)?.length, ids(far)?.[0], far.threads[7]?.newer.status]).toEqual([1_000, 100, 'more'])
  })
})
