import { claire } from '../../testing/factories'
import { type ChatState, initialChatState, type Outgoing } from './chatState'
import { reduceOutbox } from './outboxReducer'

const written = (clientId: string, sequence: number, fields: Partial<Outgoing> = {}): Outgoing => ({
  clientId,
  place: { conversation: 7 },
  content: clientId,
  replyTo: null,
  createdAt: '2026-09-01T08:00:00.000Z',
  sequence,
  delivery: { status: 'waiting' },
  ...fields,
})
const holding = (...outgoing: Outgoing[]): ChatState => ({ ...initialChatState(claire.id), outgoing })
const restoreOutbox = (state: ChatState, outgoing: Outgoing[]) => reduceOutbox(state, { type: 'outboxRestored', outgoing })
const keptElsewhere = (state: ChatState, outgoing: Outgoing) => reduceOutbox(state, { type: 'keptElsewhere', outgoing })
const rewrite = (state: ChatState, clientId: string) => reduceOutbox(state, { type: 'rewritten', clientId, newClientId: 'new', content: 'x', mentions: [] })
const places = (state: ChatState) => state.outgoing.map((one) => [one.clientId, one.sequence])

test('messages written before the outbox was restored come after it, even if the clock was set back', () => {
  expect(places(restoreOutbox(holding(written('b', 10), written('c', 11)), [written('a', 90)]))).toEqual([['a', 90], ['b', 91], ['c', 92]])
  expect(places(restoreOutbox(holding(written('b', 100)), [written('a', 90)]))).toEqual([['a', 90], ['b', 100]])
})

test('a message of another tab is ordered among this tab’s, and follows changes of its place there', () => {
  const state = keptElsewhere(holding(written('a', 1), written('c', 3)), written('b', 2))
  expect(places(state)).toEqual([['a', 1], ['b', 2], ['c', 3]])
  expect(places(keptElsewhere(state, written('a', 9)))).toEqual([['b', 2], ['c', 3], ['a', 9]])
})

test('a message that may be stored can’t be rewritten, in whichever tab it was sent', () => {
  const sentElsewhere = keptElsewhere(holding(written('a', 1)), written('a', 1, { wasSent: true }))
  expect(places(rewrite(sentElsewhere, 'a'))).toEqual([['a', 1]])
  expect(places(rewrite(keptElsewhere(sentElsewhere, written('a', 1)), 'a'))).toEqual([['a', 1]])
})

test('a refused message that is rewritten keeps its place', () => {
  const state = holding(written('a', 1, { delivery: { status: 'failed', code: 'internal' } }), written('b', 2))
  expect(places(rewrite(state, 'a'))).toEqual([['new', 1], ['b', 2]])
})
