import { aMessage, claire } from '../../testing/factories'
import { messageRows } from './messageRows'

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
