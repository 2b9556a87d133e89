import type { ServerFrame } from '../../protocol/frames'
import { after, answered, arrives, frame, ids, list, open, written } from '../../testing/chatEvents'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import type { ChatEvent } from './chatEvent'
import { type ChatState, initialChatState } from './chatState'
import { statusOf } from './conversations'

describe('messages', () => {
  test('are in the order of their ids, however they arrive', () => {
    expect(ids(after(open, arrives(14), arrives(12), arrives(13)))).toEqual([10, 11, 12, 13, 14])
  })

  test('are there once, however often they arrive', () => {
    const state = after(open, arrives(12), arrives(12), arrives(12))
    expect(ids(state)).toEqual([10, 11, 12])
    expect(state.conversations[7]?.unread_count).toBe(1)
    expect(state.heard).toEqual([{ kind: 'message', message: aMessage(12) }])
  })

  test('that were edited are not reverted by a late copy', () => {
    const edited = aMessage(11, { content: 'nouveau', edited_at: '2026-09-01T09:00:00.000Z' })
    const state = after(open, frame({ type: 'message_updated', message: edited }), arrives(11))
    expect(state.threads[7]?.messages[1]?.content).toBe('nouveau')
    expect(state.conversations[7]?.last_message?.content).toBe('nouveau')
  })

  test('that were deleted stay deleted, whatever arrives late', () => {
    const state = after(
      open,
      { type: 'requested', request: 2 },
      frame({ type: 'message_deleted', conversation_id: 7, message_id: 11 }),
      arrives(11),
      { type: 'messageEdited', message: aMessage(11, { content: 'tard', edited_at: '2026-09-01T09:00:00.000Z' }), request: 2 },
    )
    expect(state.threads[7]?.messages[1]).toMatchObject({ deleted: true, content: '' })
    expect(state.conversations[7]?.last_message).toMatchObject({ deleted: true, content: '' })
  })

  test('that an administrator has restored are there again', () => {
    const back = aMessage(11, { content: 'revenu', edited_at: '2026-09-01T09:00:00.000Z' })
    const state = after(open, frame({ type: 'message_deleted', conversation_id: 7, message_id: 11 }), frame({ type: 'message_updated', message: back }))
    expect(state.threads[7]?.messages[1]).toEqual(back)
  })

  test('that were removed leave no tombstone, and don’t reappear with an older page', () => {
    const state = after(
      open,
      { type: 'requested', request: 2 },
      frame({ type: 'message_deleted', conversation_id: 7, message_id: 10, removed: true }),
      { type: 'messagesRefreshed', conversationId: 7, after: 9, messages: [aMessage(10), aMessage(11)], hasNewer: false, request: 2 },
    )
    expect(ids(state)).toEqual([11])
  })

  test('that were deleted before they arrive are tombstones when they do', () => {
    const state = after(
      open,
      { type: 'requested', request: 2 },
      frame({ type: 'message_deleted', conversation_id: 7, message_id: 5 }),
      { type: 'olderLoaded', conversationId: 7, before: 10, messages: [aMessage(5)], hasOlder: false, request: 2 },
    )
    expect(state.threads[7]?.messages[0]).toMatchObject({ id: 5, deleted: true })
  })

  test('that are older than the loaded ones don’t leave a gap', () => {
    expect(ids(after(open, arrives(5)))).toEqual([10, 11])
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

  test('show what all others have done, not one of them', () => {
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
  test('makes unconfirmed messages wait again, and keeps refused ones', () => {
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

  const back = after(open, { type: 'linkChanged', isConnected: false }, { type: 'linkChanged', isConnected: true }, list(aConversation()), arrives(20))
  const refreshed: ChatEvent = { type: 'messagesRefreshed', conversationId: 7, after: 9, messages: [aMessage(11), aMessage(15), aMessage(20)], hasNewer: false, request: 2 }

  test('makes loaded messages stale: fetched again, they include missed ones, and no removed ones', () => {
    expect(back.threads[7]?.sync).toBe('stale')
    const caughtUp = after(back, { type: 'requested', request: 2 }, refreshed, { type: 'caughtUp', conversationId: 7, after: 9, request: 2 })
    expect(ids(caughtUp)).toEqual([11, 15, 20])
    expect(caughtUp.threads[7]?.sync).toBe('live')
  })

  test('leaves a response stale that was requested before it and arrives after it', () => {
    const state = after(
      initialChatState(claire.id),
      { type: 'linkChanged', isConnected: true },
      list(aConversation()),
      { type: 'threadOpened', conversationId: 7 },
      { type: 'requested', request: 1 },
      { type: 'linkChanged', isConnected: false },
      { type: 'linkChanged', isConnected: true },
      list(aConversation()),
      { type: 'stretchLoaded', conversationId: 7, messages: [aMessage(10)], hasOlder: false, hasNewer: false, request: 1 },
    )
    expect(state.threads[7]?.sync).toBe('stale')
    const older: ChatEvent = { type: 'olderLoaded', conversationId: 7, before: 10, messages: [aMessage(5)], hasOlder: true, request: 1 }
    const joined = after(open, { type: 'requested', request: 1 }, { type: 'linkChanged', isConnected: false }, { type: 'linkChanged', isConnected: true }, list(aConversation()), { type: 'requested', request: 2 }, older, refreshed, { type: 'caughtUp', conversationId: 7, after: 9, request: 2 })
    expect(joined.threads[7]?.sync).toBe('stale')
  })

  test('ends a refresh that belonged to it', () => {
    const state = after(
      open,
      { type: 'requested', request: 2 },
      { type: 'linkChanged', isConnected: false },
      { type: 'linkChanged', isConnected: true },
      { type: 'caughtUp', conversationId: 7, after: 9, request: 2 },
    )
    expect(state.threads[7]?.sync).toBe('stale')
  })

  test('removes typing indicators', () => {
    const typing = after(open, frame({ type: 'typing_start', conversation_id: 7, user_id: 2 }))
    expect(after(typing, { type: 'linkChanged', isConnected: false }).typists).toEqual([])
  })
})

describe('a message of the user’s', () => {
  const confirmed = (clientId: string) => arrives(12, { sender_id: claire.id, client_id: clientId })

  test('becomes the stored message when its copy comes back', () => {
    const state = after(open, written('a'), { type: 'handedOver', clientIds: ['a'] }, confirmed('a'))
    expect(state.outgoing).toEqual([])
    expect(ids(state)).toEqual([10, 11, 12])
  })

  test('is also confirmed by the history, if its copy was lost', () => {
    const message = aMessage(12, { sender_id: claire.id, client_id: 'a' })
    expect(after(open, written('a'), ...answered({ type: 'messagesRefreshed', conversationId: 7, after: 9, messages: [message], hasNewer: false, request: 2 })).outgoing).toEqual([])
  })

  test('is not confirmed by somebody else with the same client_id', () => {
    expect(after(open, written('a'), arrives(12, { client_id: 'a' })).outgoing).toHaveLength(1)
  })

  test('can be retried or discarded once refused', () => {
    const refused = after(open, written('a'), frame({ type: 'error', code: 'x', message: '', client_id: 'a' }))
    expect(after(refused, { type: 'retried', clientId: 'a' }).outgoing[0]?.delivery).toEqual({ status: 'waiting' })
    expect(after(refused, { type: 'withdrawn', clientId: 'a' }).outgoing).toEqual([])
  })
})

describe('typing', () => {
  const starts = (at: number) => frame({ type: 'typing_start', conversation_id: 7, user_id: 2 }, at)

  test('times out after seven seconds without a new signal', () => {
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

test.each<ServerFrame>([
  { type: 'pong' },
  { type: 'conversation_joined', conversation_id: 7 },
  { type: 'error', code: 'outcome_unknown', message: '', conversation_id: 7 },
])('$type changes nothing', (one) => {
  expect(after(open, frame(one))).toBe(open)
})
