import { aMessage, claire } from '../../testing/factories'
import type { ConversationEvent } from '../../protocol/events'
import { messageRows, type Row } from './messageRows'

const options = { userId: claire.id, hasOlder: false, hasNewer: false, readTo: null }
const at = (id: number, timestamp: string, sender = 2) => aMessage(id, { timestamp, sender_id: sender })

test('there are separators for days and unread messages, and bubbles of one sender are grouped for five minutes', () => {
  const rows = messageRows(
    [
      at(1, '2026-09-01T08:00:00.000Z'),
      at(2, '2026-09-01T08:01:00.000Z'),
      at(3, '2026-09-01T08:10:00.000Z'),
      at(4, '2026-09-01T08:10:30.000Z', 1),
      at(5, '2026-09-02T08:11:00.000Z', 1),
    ],
    [],
    { ...options, readTo: 2 },
  )
  expect(rows.map((row) => ('isFirst' in row ? `${row.isFirst ? '[' : ''}${row.kind}${row.isLast ? ']' : ''}` : row.kind))).toEqual([
    'day',
    '[message',
    'message]',
    'unread',
    '[message]',
    '[message]',
    'day',
    '[message]',
  ])
})

test('the day of the first message is shown once it is known', () => {
  const rows = messageRows([at(1, '2026-09-01T08:00:00.000Z')], [], { ...options, hasOlder: true })
  expect(rows.map((row) => row.kind)).toEqual(['message'])
})

test('a message keeps its key when it is confirmed', () => {
  const outgoing = { clientId: 'a', place: { conversation: 7 }, content: '', replyTo: null, createdAt: '2026-09-01T08:00:00.000Z', sequence: 1, delivery: { status: 'waiting' } } as const
  const before = messageRows([], [outgoing], options).at(-1)
  const after = messageRows([aMessage(1, { sender_id: claire.id, client_id: 'a' })], [], options).at(-1)
  expect(after?.key).toBe(before?.key)
})

test('unconfirmed messages are below the gap of messages that aren’t loaded', () => {
  const outgoing = { clientId: 'a', place: { conversation: 7 }, content: '', replyTo: null, createdAt: '2026-09-01T08:00:30.000Z', sequence: 1, delivery: { status: 'waiting' } } as const
  const rows = messageRows([at(1, '2026-09-01T08:00:00.000Z', claire.id)], [outgoing], { ...options, hasNewer: true })
  expect(rows.map((row) => ('isFirst' in row ? [row.kind, row.isFirst, row.isLast] : row.kind))).toEqual([
    'day',
    ['message', true, true],
    'gap',
    ['outgoing', true, true],
  ])
})

describe('what happened in a group', () => {
  const event = (id: number, timestamp: string): ConversationEvent => ({ id, kind: 'left', cause: '', actor: null, people: [], count: 1, title: '', timestamp })
  const messages = [at(10, '2026-09-01T08:00:00.000Z'), at(20, '2026-09-01T08:01:00.000Z')]
  const events = [event(5, '2026-08-31T08:00:00.000Z'), event(15, '2026-09-01T08:00:30.000Z'), event(25, '2026-09-01T08:02:00.000Z')]
  const ids = (rows: Row[]) => rows.flatMap((row) => (row.kind === 'event' ? [-row.event.id] : row.kind === 'message' ? [row.message.id] : []))

  test('stands between the messages by its id, and divides the bubbles of one sender', () => {
    const rows = messageRows(messages, [], { ...options, events })
    expect(ids(rows)).toEqual([-5, 10, -15, 20, -25])
    expect(rows.filter((row) => row.kind === 'day')).toHaveLength(2)
    expect(rows.flatMap((row) => (row.kind === 'message' ? [row.isFirst && row.isLast] : []))).toEqual([true, true])
  })

  test('is shown no further than the messages are loaded', () => {
    expect(ids(messageRows(messages, [], { ...options, events, hasOlder: true }))).toEqual([10, -15, 20, -25])
    expect(ids(messageRows(messages, [], { ...options, events, hasNewer: true }))).toEqual([-5, 10, -15, 20])
  })
})
