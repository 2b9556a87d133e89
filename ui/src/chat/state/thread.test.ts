import { after, answered, arrives, ids, list, open, written } from '../../testing/chatEvents'
import { aConversation, aMessage, claire } from '../../testing/factories'
import type { ChatEvent } from './chatEvent'
import { initialChatState } from './chatState'

describe('a range in the middle', () => {
  const middle = after(
    initialChatState(claire.id),
    { type: 'linkChanged', isConnected: true },
    list(aConversation({ last_message: aMessage(80) })),
    { type: 'threadOpened', conversationId: 7 },
    ...answered({ type: 'stretchLoaded', conversationId: 7, messages: [aMessage(10), aMessage(11)], hasOlder: true, hasNewer: true, request: 1 }),
    { type: 'requested', request: 2 },
  )
  const ownArrives = (id: number, clientId: string) => arrives(id, { sender_id: claire.id, client_id: clientId })

  test('is replaced by a message that is written here', () => {
    const state = after(middle, written('a'), written('b'), ownArrives(90, 'a'), arrives(91), ownArrives(92, 'b'))
    expect(ids(state)).toEqual([90, 91, 92])
    expect(state.threads[7]).toMatchObject({ older: { status: 'more' }, newer: { status: 'end' } })
  })

  test('stays if the message is written on another device', () => {
    expect(ids(after(middle, ownArrives(90, 'elsewhere')))).toEqual([10, 11])
  })

  test('that was replaced keeps the message if the newest page is older than it', () => {
    const leapt = after(middle, written('a'), ownArrives(90, 'a'))
    const state = after(leapt, { type: 'stretchLoaded', conversationId: 7, messages: [aMessage(79), aMessage(80)], hasOlder: true, hasNewer: false, request: 2 })
    expect(ids(state)).toEqual([79, 80, 90])
    expect(state.threads[7]?.newer).toEqual({ status: 'end' })
  })

  test('whose next page failed requests it again on the next link', () => {
    const failed = after(middle, { type: 'newerRequested', conversationId: 7 }, { type: 'newerFailed', conversationId: 7, code: 'network' }, { type: 'linkChanged', isConnected: false })
    expect(failed.threads[7]?.newer.status).toBe('failed')
    expect(after(failed, { type: 'linkChanged', isConnected: true }).threads[7]?.newer.status).toBe('more')
  })
})

describe('a deleted message', () => {
  const deleted: ChatEvent[] = answered({ type: 'messageDeleted', conversationId: 7, messageId: 11, request: 2 })
  const byAdministration: ChatEvent = {
    type: 'frame',
    frame: { type: 'message_deleted', conversation_id: 7, message_id: 11, edited_by: 'administration' },
    at: 0,
  }
  const page: ChatEvent[] = answered({
    type: 'messagesRefreshed',
    conversationId: 7,
    after: 0,
    messages: [aMessage(10), aMessage(11, { deleted: true, content: '', edited_by: 'administration' })],
    hasNewer: false,
    request: 3,
  })
  const editor = (...events: ChatEvent[]) => after(open, ...events).threads[7]?.messages.find((message) => message.id === 11)?.edited_by

  test('has the editor that the server names, whatever was assumed before', () => {
    expect(editor(...deleted)).toBe('author')
    for (const events of [[byAdministration], [...deleted, byAdministration], [byAdministration, ...deleted], [...deleted, ...page]]) {
      expect(editor(...events)).toBe('administration')
    }
    expect(after(open, byAdministration, ...deleted).conversations[7]?.last_message?.edited_by).toBe('administration')
  })
})

describe('a range in the middle instead of the end', () => {
  const middle = after(
    open,
    ...answered({ type: 'stretchLoaded', conversationId: 7, messages: [aMessage(3), aMessage(4)], hasOlder: true, hasNewer: true, request: 2 }),
    { type: 'requested', request: 3 },
  )
  const newer = (after: number, ...messages: number[]): ChatEvent => ({ type: 'newerLoaded', conversationId: 7, after, messages: messages.map((id) => aMessage(id)), hasNewer: false, request: 3 })

  test('drops live messages beyond it, and accepts none without those before', () => {
    expect(ids(middle)).toEqual([3, 4])
    expect(ids(after(middle, arrives(12)))).toEqual([3, 4])
  })

  test('reaches the end page by page, with messages that arrived during the last request', () => {
    const end = after(middle, arrives(12), newer(4, 10, 11), arrives(13))
    expect(ids(end)).toEqual([3, 4, 10, 11, 12, 13])
    expect(end.threads[7]?.newer).toEqual({ status: 'end' })
  })

  test('ignores a late page that doesn’t adjoin it', () => {
    const latest = after(middle, { type: 'stretchLoaded', conversationId: 7, messages: [aMessage(10), aMessage(11)], hasOlder: true, hasNewer: false, request: 3 })
    const late = after(
      latest,
      newer(4, 5),
      { type: 'newerFailed', conversationId: 7, code: 'network' },
      { type: 'olderLoaded', conversationId: 7, before: 3, messages: [aMessage(2)], hasOlder: true, request: 3 },
    )
    expect(ids(late)).toEqual([10, 11])
    expect(late.threads[7]?.newer).toEqual({ status: 'end' })
  })

  test('holds a thousand messages, dropping those on the far side', () => {
    const page = Array.from({ length: 1_500 }, (_, index) => aMessage(index + 100))
    const far = after(
      open,
      ...answered({ type: 'stretchLoaded', conversationId: 7, messages: [aMessage(2_000)], hasOlder: true, hasNewer: false, request: 2 }),
      ...answered({ type: 'olderLoaded', conversationId: 7, before: 2_000, messages: page, hasOlder: true, request: 3 }),
    )
    expect([ids(far)?.length, ids(far)?.[0], far.threads[7]?.newer.status]).toEqual([1_000, 100, 'more'])
  })
})
