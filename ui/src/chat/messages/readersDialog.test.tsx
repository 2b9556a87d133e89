import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { aMessage, claire, elodie, jerome } from '../../testing/factories'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { act as choose, menuOf, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'

const own = aMessage(41, { sender_id: claire.id, content: 'Rendez-vous à 8 h.' })
const reader = ({ id, first_name, last_name }: typeof claire, status: string, read_at: string | null = null) => ({ user_id: id, first_name, last_name, status, read_at })
const path = /\/messages\/7\/41\/readers\/$/

const { setTimeout } = window
afterEach(() => {
  window.setTimeout = setTimeout
})

async function open(body: unknown[]) {
  mockFetch.on('GET', path, { body })
  const receipt = (user_id: number, last_read: number) => ({ user_id, last_read, last_delivered: 41 })
  await openGroup([own], { receipts: [receipt(claire.id, 41), receipt(jerome.id, 41), receipt(elodie.id, 0)] })
}

const lists = (dialog: HTMLElement) => within(dialog).getAllByRole('list').map((list) => [list.getAttribute('aria-label'), ...within(list).getAllByRole('listitem').map((one) => one.textContent)])

test('a press on the number of readers says who has read it, and when if that is known', async () => {
  await open([reader(jerome, 'read', '2026-09-01T08:05:00.000Z'), reader(elodie, 'delivered')])
  await userEvent.click(screen.getByRole('button', { name: 'Lu par 1 sur 2' }))
  const dialog = await screen.findByRole('dialog', { name: 'Qui a lu ce message ?' })
  await waitFor(() => {
    expect(lists(dialog)).toEqual([
      ['Lu (1)', expect.stringMatching(/Jérôme Lefèvremardi 1er septembre 2026.*\d\d:\d\d$/)],
      ['Distribué, pas encore lu (1)', expect.stringMatching(/Élodie Garçon$/)],
    ])
  })
})

test('it is asked again when somebody reads it', async () => {
  await open([reader(jerome, 'read'), reader(elodie, 'sent')])
  await choose('Rendez-vous à 8 h.', 'Qui a lu ?')
  const dialog = await screen.findByRole('dialog', { name: 'Qui a lu ce message ?' })
  await waitFor(() => { expect(lists(dialog)).toHaveLength(2) })
  mockFetch.on('GET', path, { body: [reader(jerome, 'read'), reader(elodie, 'read')] })
  MockSocket.last.receive({ type: 'messages_read', conversation_id: 7, user_id: elodie.id, message_id: 41, timestamp: '2026-09-01T09:00:00.000Z' })
  await waitFor(() => { expect(lists(dialog)).toEqual([['Lu (2)', expect.anything(), expect.anything()]]) })
})

test('in a busy group a request isn’t interrupted, and the next one waits', async () => {
  const rests: (() => void)[] = []
  // A Jest mock in its place would have the testing library believe in fake timers.
  window.setTimeout = ((run: () => void, delay?: number) => {
    if (delay !== 3_000) return setTimeout(run, delay)
    rests.push(run)
    return 0
  }) as typeof window.setTimeout
  const read = (user_id: number, message_id: number) => {
    MockSocket.last.receive({ type: 'messages_read', conversation_id: 7, user_id, message_id, timestamp: '2026-09-01T09:00:00.000Z' })
  }
  const held = heldAnswer()
  await open([])
  mockFetch.on('GET', path, () => held.answer)
  await choose('Rendez-vous à 8 h.', 'Qui a lu ?')
  const dialog = await screen.findByRole('dialog', { name: 'Qui a lu ce message ?' })
  await settled()
  read(elodie.id, 40)
  await settled()
  read(elodie.id, 41)
  await settled()
  held.release({ body: [reader(jerome, 'read'), reader(elodie, 'sent')] })
  await waitFor(() => { expect(lists(dialog)).toHaveLength(2) })
  await settled()
  expect(mockFetch.requestsTo(path)).toHaveLength(1)
  mockFetch.on('GET', path, { body: [reader(jerome, 'read'), reader(elodie, 'read')] })
  act(() => { rests.at(-1)?.() })
  await waitFor(() => { expect(lists(dialog)).toEqual([['Lu (2)', expect.anything(), expect.anything()]]) })
  expect(mockFetch.requestsTo(path)).toHaveLength(2)
})

test('if it can’t be loaded the reason is said, and it can be tried again', async () => {
  await open([])
  mockFetch.on('GET', path, { status: 429, body: { status: 429, code: 'too_many_requests', message: '', data: {} } })
  await userEvent.click(screen.getByRole('button', { name: 'Lu par 1 sur 2' }))
  const dialog = await screen.findByRole('dialog')
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Trop de demandes')
  mockFetch.on('GET', path, { body: [reader(jerome, 'read')] })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Réessayer' }))
  await waitFor(() => { expect(lists(dialog)).toHaveLength(1) })
})

test('others’ messages, and an older server, don’t offer it', async () => {
  await openGroup([aMessage(42, { content: 'D’accord' })])
  expect(within(await menuOf('D’accord')).queryByRole('menuitem', { name: 'Qui a lu ?' })).toBeNull()
})
