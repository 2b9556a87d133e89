import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { FoundMessage } from '../../protocol/found'
import type { Conversation } from '../../protocol/resources'
import { aMessage } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { openGroup } from '../../testing/openChat'

const findPath = /\/api\/messagerie\/find\/$/
const found = (id: number): FoundMessage => ({ message: aMessage(id), conversation_id: 7, snippet: [{ text: 'musée', match: true }] })
const newer = found(30)
const old = found(20)
const asked = () => mockFetch.requestsTo(findPath)
const snippets = async () => within(await screen.findByRole('region', { name: 'Messages' })).queryAllByRole('button').flatMap((one) => (one.dataset.found ? [one.dataset.found] : []))
let group: Conversation

async function search(): Promise<void> {
  group = await openGroup([aMessage(20), aMessage(30)])
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
  mockFetch.on('GET', findPath, { body: [newer, old] })
  await userEvent.type(screen.getByRole('searchbox', { name: 'Rechercher' }), 'musée')
  await waitFor(async () => { expect(await snippets()).toEqual(['30', '20']) })
}

describe('what is found stays true', () => {
  test('a deleted message is no longer shown, and isn’t searched again for', async () => {
    await search()
    const count = asked().length
    act(() => { MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: 30, edited_by: 'author' }) })
    expect(await snippets()).toEqual(['20'])
    expect(asked()).toHaveLength(count)
  })

  test('after an edit as many are searched again as are shown, which stay until then', async () => {
    await search()
    mockFetch.on('GET', findPath, { body: [old] })
    const count = asked().length
    act(() => { MockSocket.last.receive({ type: 'message_updated', message: { ...newer.message, content: 'Autre chose', edited_at: '2026-09-01T09:00:00.000Z' } }) })
    expect(await snippets()).toEqual(['30', '20'])
    await waitFor(async () => { expect(await snippets()).toEqual(['20']) })
    expect(asked()).toHaveLength(count + 1)
  })

  test('once there is a link again they are searched again', async () => {
    await search()
    mockFetch.on('GET', findPath, { body: [old] })
    act(() => { MockSocket.last.closeWith(1006) })
    await waitFor(() => { expect(MockSocket.all.length).toBeGreaterThan(1) })
    MockSocket.last.open()
    MockSocket.last.receive({ type: 'conversations_list', conversations: [group], complete: true })
    await waitFor(async () => { expect(await snippets()).toEqual(['20']) })
  })
})
