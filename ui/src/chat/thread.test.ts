import { aConversation, aMessage, claire } from '../testing/factories'
import { chatReducer } from './chatReducer'
import { type ChatEvent, type ChatState, initialChatState } from './chatState'

function after(state: ChatState, ...events: ChatEvent[]): ChatState {
  return events.reduce(chatReducer, state)
}
const arrives = (id: number, fields = {}): ChatEvent => ({ type: 'frame', frame: { type: 'new_message', message: aMessage(id, fields) }, at: 0 })
const written = (clientId: string): ChatEvent => ({
  type: 'written',
  outgoing: { clientId, conversationId: 7, content: clientId, replyTo: null, createdAt: '2026-09-01T08:00:00.000Z', sequence: 1, delivery: { status: 'waiting' } },
})
const ids = (state: ChatState) => state.threads[7]?.messages.map((message) => message.id)

describe('a stretch in the middle', () => {
  const middle = after(
    initialChatState(claire.id),
    { type: 'linkChanged', isConnected: true },
    { type: 'frame', frame: { type: 'conversations_list', conversations: [aConversation({ last_message: aMessage(80) })], complete: true }, at: 0 },
    { type: 'threadOpened', conversationId: 7 },
    { type: 'threadLoaded', conversationId: 7, messages: [aMessage(10), aMessage(11)], hasOlder: true, hasNewer: true, epoch: 1 },
  )
  const ownArrives = (id: number, clientId: string) => arrives(id, { sender_id: claire.id, client_id: clientId })

  test('makes way for what was written here', () => {
    const state = after(middle, written('a'), written('b'), ownArrives(90, 'a'), arrives(91), ownArrives(92, 'b'))
    expect(ids(state)).toEqual([90, 91, 92])
    expect(state.threads[7]).toMatchObject({ older: { status: 'more' }, newer: { status: 'end' } })
  })

  test('stays for what was written elsewhere', () => {
    expect(ids(after(middle, ownArrives(90, 'elsewhere')))).toEqual([10, 11])
  })

  test('doesn’t make way for a copy that this device kept of an older end', () => {
    const state = after(middle, { type: 'latestLoaded', conversationId: 7, messages: [aMessage(8), aMessage(9)], hasOlder: true })
    expect(ids(state)).toEqual([10, 11])
    expect(state.threads[7]?.newer).toEqual({ status: 'failed', code: 'network' })
  })

  test('whose next page failed asks for it again on the next link', () => {
    const failed = after(middle, { type: 'newerFailed', conversationId: 7, code: 'network' }, { type: 'linkChanged', isConnected: false })
    expect(failed.threads[7]?.newer.status).toBe('failed')
    expect(after(failed, { type: 'linkChanged', isConnected: true }).threads[7]?.newer.status).toBe('more')
  })
})
