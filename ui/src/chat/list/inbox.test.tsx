import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation } from '../../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { muteFor } from '../state/muteEnds'
import { InstantChat } from '../InstantChat'

const own = { can_write: true, archived: false, pinned: false, marked_unread: false, muted_until: null }
const withJerome = (fields: Partial<Conversation> = {}) => aConversation({ ...own, ...fields })
const withElodie = (fields: Partial<Conversation> = {}) =>
  aConversation({ conversation_id: 8, participants: [claire, elodie], last_message: aMessage(2, { conversation_id: 8 }), ...own, ...fields })

const list = (...conversations: Conversation[]) => {
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
}
const lines = () => within(screen.getByRole('list', { name: 'Conversations' })).getAllByRole('listitem').map((line) => (line.textContent.includes('Élodie') ? 'Élodie' : 'Jérôme'))
const line = (name: RegExp) => screen.getByRole('button', { name })
const changes = () => mockFetch.requests.filter(({ method }) => method === 'PATCH').map(({ url, body }) => [url.pathname, body])

let unread = 0

/** Renders the list with its tools, which are loaded once it is shown. */
async function show(...conversations: Conversation[]): Promise<UserEvent> {
  jest.useFakeTimers()
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/\d\/$/, { body: [] })
  mockFetch.on('GET', /\/scheduled\/$/, { body: [] })
  mockFetch.on('PATCH', /\/conversations\/7\/$/, ({ body }) => ({ body: withJerome(body as Partial<Conversation>) }))
  render(<InstantChat userProfileId={claire.id} establishmentId={123} onUnread={(count) => { unread = count }} />)
  MockSocket.last.open()
  list(...conversations)
  await act(() => jest.advanceTimersByTimeAsync(500))
  jest.useRealTimers()
  await screen.findByRole('button', { name: 'Filtrer les conversations' })
  return userEvent.setup()
}

async function menuOf(name: RegExp) {
  fireEvent.contextMenu(line(name))
  await screen.findByRole('menu', { name: 'Actions sur la conversation' })
}

afterEach(() => {
  jest.useRealTimers()
})

test('pinned conversations are first, whatever was written last', async () => {
  await show(withElodie(), withJerome())
  expect(lines()).toEqual(['Élodie', 'Jérôme'])
  list(withJerome({ pinned: true }), withElodie())
  expect(lines()).toEqual(['Jérôme', 'Élodie'])
  expect(line(/^Jérôme/)).toHaveTextContent('Épinglée')
})

test('what is archived leaves the list, has a filter, is found by a search, and comes back with a message', async () => {
  const user = await show(withElodie(), withJerome({ archived: true, unread_count: 3 }))
  expect(lines()).toEqual(['Élodie'])
  expect(unread).toBe(0)
  await user.click(screen.getByRole('button', { name: 'Filtrer les conversations' }))
  await user.click(await screen.findByRole('menuitemradio', { name: 'Archivées' }))
  expect(lines()).toEqual(['Jérôme'])
  await user.click(await screen.findByRole('button', { name: 'Archivées : Tout afficher' }))
  expect(lines()).toEqual(['Élodie'])
  MockSocket.last.receive({ type: 'new_message', message: aMessage(9, { sender_id: jerome.id }) })
  expect(lines()).toContain('Jérôme')
})

test('what was archived by mistake comes back with one press, as long as the note stands', async () => {
  const user = await show(withElodie(), withJerome())
  await menuOf(/^Jérôme/)
  await user.click(screen.getByRole('menuitem', { name: 'Archiver' }))
  const undo = await screen.findByRole('button', { name: 'Annuler' })
  expect(screen.getByText('Conversation archivée')).toHaveRole('status')
  expect(lines()).toEqual(['Élodie'])
  await user.click(undo)
  await waitFor(() => {
    expect(lines()).toContain('Jérôme')
  })
  expect(changes().map(([, change]) => change)).toEqual([{ archived: true }, { archived: false }])
  expect(screen.queryByText('Conversation archivée')).toBeNull()
  expect(screen.getByRole('button', { name: 'Filtrer les conversations' })).toHaveFocus()
})

test('a message doesn’t bring back an archived conversation that is muted', async () => {
  await show(withElodie(), withJerome({ archived: true, muted: true }))
  MockSocket.last.receive({ type: 'new_message', message: aMessage(9, { sender_id: jerome.id }) })
  expect(lines()).toEqual(['Élodie'])
})

test('the filter of unread conversations keeps the open one, and says when there are none', async () => {
  const user = await show(withElodie(), withJerome({ marked_unread: true }))
  expect(unread).toBe(1)
  expect(line(/^Jérôme/)).toHaveTextContent('Marquée comme non lue')
  await user.click(screen.getByRole('button', { name: 'Filtrer les conversations' }))
  await user.click(await screen.findByRole('menuitemradio', { name: 'Non lues' }))
  expect(lines()).toEqual(['Jérôme'])
  list(withElodie(), withJerome())
  expect(await screen.findByText('Aucune conversation non lue')).toBeVisible()
})

test('opening a conversation that is marked as unread clears the mark; one marked while it is open stays so', async () => {
  const user = await show(withElodie(), withJerome({ marked_unread: true }))
  await user.click(line(/^Jérôme/))
  await waitFor(() => {
    expect(changes()).toEqual([['/api/messagerie/conversations/7/', { marked_unread: false }]])
  })
  list(withElodie(), withJerome({ marked_unread: true })) // by another device
  await settled()
  expect(changes()).toHaveLength(1)
})

test('the menu of a line pins, mutes, archives, and marks as unread, which closes the conversation', async () => {
  const user = await show(withElodie(), withJerome())
  await user.click(line(/^Jérôme/))
  await menuOf(/^Jérôme/)
  await user.click(screen.getByRole('menuitem', { name: 'Marquer comme non lue' }))
  await waitFor(() => {
    expect(screen.queryByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeNull()
  })
  for (const name of ['Épingler', 'Archiver']) {
    await menuOf(/^Jérôme/)
    await user.click(screen.getByRole('menuitem', { name }))
    await settled()
    list(withElodie(), withJerome())
  }
  await menuOf(/^Jérôme/)
  await user.click(screen.getByRole('menuitem', { name: 'Toujours' }))
  await settled()
  expect(changes().map(([, body]) => body)).toEqual([{ marked_unread: true }, { pinned: true }, { archived: true }, { muted: true }])
})

test('a refusal is shown', async () => {
  const user = await show(withElodie(), withJerome())
  mockFetch.on('PATCH', /\/conversations\/7\/$/, { status: 409, body: { status: 409, code: 'too_many_pinned', message: '', data: {} } })
  await menuOf(/^Jérôme/)
  await user.click(screen.getByRole('menuitem', { name: 'Épingler' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Vous avez déjà épinglé 20 conversations.')
})

test('a long press opens the menu, and its end doesn’t open the conversation', async () => {
  await show(withElodie(), withJerome())
  const touch = new MouseEvent('pointerdown', { bubbles: true }) // jsdom has no pointer events
  Object.defineProperties(touch, { pointerType: { value: 'touch' }, isPrimary: { value: true } })
  fireEvent(line(/^Jérôme/), touch)
  expect(await screen.findByRole('menu', { name: 'Actions sur la conversation' }, { timeout: 5_000 })).toBeVisible()
  fireEvent.click(screen.getByText('Jérôme Lefèvre', { selector: '.conversation-name' }))
  expect(screen.queryByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeNull()
})

test('after a long press without a click, the Enter key opens the conversation', async () => {
  await show(withElodie(), withJerome())
  const touch = new MouseEvent('pointerdown', { bubbles: true })
  Object.defineProperties(touch, { pointerType: { value: 'touch' }, isPrimary: { value: true } })
  fireEvent(line(/^Jérôme/), touch)
  await screen.findByRole('menu', { name: 'Actions sur la conversation' }, { timeout: 5_000 })
  await userEvent.keyboard('{Escape}')
  line(/^Jérôme/).focus()
  await userEvent.keyboard('{Enter}')
  expect(await screen.findByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeVisible()
})

test('a mute ends in an hour, tomorrow at eight, in a week, or never', () => {
  const now = new Date(2026, 10, 30, 22, 15)
  expect(muteFor('hour', now)).toEqual({ muted_until: new Date(2026, 10, 30, 23, 15).toISOString() })
  expect(muteFor('tomorrow', now)).toEqual({ muted_until: new Date(2026, 11, 1, 8).toISOString() })
  expect(muteFor('week', now)).toEqual({ muted_until: new Date(2026, 11, 7, 22, 15).toISOString() })
  expect(muteFor('always', now)).toEqual({ muted: true })
})
