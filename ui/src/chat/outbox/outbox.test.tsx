import 'fake-indexeddb/auto'
import { cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { MockChannel, MockLocks } from '../../testing/mockTabs'
import { InstantChat } from '../InstantChat'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

// Missing in jsdom. One database for the whole file, because pages keep it open: each test has its own users.
globalThis.structuredClone = <T,>(value: T) => JSON.parse(JSON.stringify(value)) as T
let userId = 100

beforeEach(() => {
  userId += 1
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [] })
})
afterEach(() => {
  Object.assign(globalThis, { BroadcastChannel: undefined })
  Reflect.deleteProperty(navigator, 'locks')
})

const us = (id: number) => ({ ...claire, id })
const conversations = (id = userId) => [aConversation({ participants: [us(id), jerome] })]

/** Opens a tab with the conversation open and no link yet. */
function openTab(id = userId, selectedId = 7) {
  mockFetch.on('GET', new RegExp(`/conversations/${id}/$`), { body: conversations(id) })
  const view = render(<InstantChat userProfileId={id} establishmentId={123} selectedId={selectedId} onSelect={() => undefined} />)
  return { ...view, socket: MockSocket.last, tab: within(view.container) }
}
function connect(socket = MockSocket.last, id = userId) {
  socket.open()
  socket.receive({ type: 'conversations_list', conversations: conversations(id), complete: true })
}
type Tab = ReturnType<typeof openTab>
async function write({ tab }: Pick<Tab, 'tab'>, ...texts: string[]) {
  for (const text of texts) {
    await userEvent.type(await tab.findByRole('textbox', { name: /^Message à/ }), `${text}{Enter}`)
  }
}
const sent = (socket: MockSocket) => socket.sentOf('chat_message').map((frame) => frame.message)
const bubble = async ({ tab }: Pick<Tab, 'tab'>, text: string) => (await tab.findByText(text, { selector: '.bubble-text' })).closest('li')

/** Opens a tab for a first message to Élodie. */
function openTabTo(person = elodie) {
  localStorage.setItem(`messagerie.contacts.${userId}`, JSON.stringify([{ person, since: '2026-09-01T08:00:00.000Z' }]))
  mockFetch.on('GET', /\/messages\/9\/$/, { body: [] })
  return openTab(userId, -person.id)
}
const createPath = /\/conversations\/create\/$/
function letBeMade() {
  mockFetch.on('POST', createPath, { status: 201, body: aConversation({ conversation_id: 9, participants: [us(userId), elodie] }) })
}
const sentTo = (socket: MockSocket) => socket.sentOf('chat_message').map((frame) => `${frame.conversation_id} ${frame.message}`)

/** Whether the browser would ask before leaving the page. */
const asksBeforeLeaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))

/** Waits until these texts are stored, where a second page can read them. */
async function untilStored(...texts: string[]) {
  const { loadOutbox } = await import('./outboxStore')
  await waitFor(async () => {
    expect((await loadOutbox(userId)).map((one) => one.content)).toEqual(texts)
  })
}

test('messages written without a link survive a killed tab, are sent in order, once, and are then removed', async () => {
  await write(openTab(), 'un', 'deux', 'trois')
  await untilStored('un', 'deux', 'trois')
  cleanup()

  const again = openTab()
  expect(await bubble(again, 'deux')).toHaveTextContent('En attente')
  connect()
  await waitFor(() => {
    expect(sent(again.socket)).toEqual(['un', 'deux', 'trois'])
  })
  for (const [index, frame] of again.socket.sentOf('chat_message').entries()) {
    const message = aMessage(20 + index, { sender_id: userId, content: frame.message, client_id: frame.client_id ?? '' })
    again.socket.receive({ type: 'new_message', message }, { type: 'new_message', message })
  }
  await untilStored()
  cleanup()

  const third = openTab()
  connect()
  await write(third, 'quatre')
  await waitFor(() => {
    expect(sent(third.socket)).toEqual(['quatre'])
  })
})

test('messages left by an earlier page are sent before those of the next one', async () => {
  await write(openTab(), 'avant')
  await untilStored('avant')
  expect(asksBeforeLeaving()).toBe(false)
  cleanup()
  const again = openTab()
  connect()
  await write(again, 'après')
  await waitFor(() => {
    expect(sent(again.socket)).toEqual(['avant', 'après'])
  })
})

test('first messages to somebody survive a killed tab, and are sent in order, once', async () => {
  await write(openTabTo(), 'un', 'deux')
  await untilStored('un', 'deux')
  cleanup()

  const again = openTabTo()
  expect(await bubble(again, 'deux')).toHaveTextContent('En attente')
  letBeMade()
  connect()
  await waitFor(() => {
    expect(sentTo(again.socket)).toEqual(['9 un', '9 deux'])
  })
  expect(mockFetch.requestsTo(createPath).map((request) => request.body)).toEqual([{ participants: [elodie.id] }])
  const clientIds = again.socket.sentOf('chat_message').map((frame) => frame.client_id)
  cleanup()

  // Never acknowledged, but its conversation is known by now.
  const third = openTabTo()
  connect()
  await waitFor(() => {
    expect(sentTo(third.socket)).toEqual(['9 un', '9 deux'])
  })
  expect(third.socket.sentOf('chat_message').map((frame) => frame.client_id)).toEqual(clientIds)
})

test('one of several tabs creates the conversation and sends what was written in another', async () => {
  Object.assign(globalThis, { BroadcastChannel: MockChannel })
  Object.defineProperty(navigator, 'locks', { value: new MockLocks(), configurable: true })
  letBeMade()
  const one = openTabTo()
  const two = openTabTo()
  await write(one, 'un')
  expect(await bubble(two, 'un')).toHaveTextContent('En attente')
  await write(two, 'deux')
  await bubble(one, 'deux')
  connect(one.socket)
  connect(two.socket)
  await waitFor(() => {
    expect([...sentTo(one.socket), ...sentTo(two.socket)]).toEqual(['9 un', '9 deux'])
  })
  expect(mockFetch.requestsTo(createPath)).toHaveLength(1)
})

test('a message that was never acknowledged is sent again with the same client_id', async () => {
  const first = openTab()
  connect()
  await write(first, 'perdu')
  await waitFor(() => {
    expect(sent(first.socket)).toEqual(['perdu'])
  })
  await untilStored('perdu')
  cleanup()
  const again = openTab()
  connect()
  await waitFor(() => {
    expect(sent(again.socket)).toEqual(['perdu'])
  })
  expect(again.socket.sentOf('chat_message')[0]?.client_id).toBe(first.socket.sentOf('chat_message')[0]?.client_id)
})

test('another person on the same browser neither sees nor sends it', async () => {
  await write(openTab(), 'secret')
  await untilStored('secret')
  cleanup()
  const stranger = userId + 1_000
  const other = openTab(stranger)
  connect(other.socket, stranger)
  await write(other, 'à moi')
  await waitFor(() => {
    expect(sent(other.socket)).toEqual(['à moi'])
  })
  expect(screen.queryByText('secret')).toBeNull()
})

test('a refused message stays with its reason after a reload, and can be retried or rewritten', async () => {
  const first = openTab()
  connect()
  await write(first, 'refusé')
  await waitFor(() => {
    expect(sent(first.socket)).toHaveLength(1)
  })
  const clientId = first.socket.sentOf('chat_message')[0]?.client_id ?? ''
  const refusal = { type: 'error', code: 'content_too_long', message: '', conversation_id: 7, client_id: clientId } as const
  first.socket.receive(refusal)
  await waitFor(async () => {
    const { loadOutbox } = await import('./outboxStore')
    expect((await loadOutbox(userId))[0]?.delivery).toEqual({ status: 'failed', code: 'content_too_long' })
  })
  cleanup()

  const again = openTab()
  expect(await bubble(again, 'refusé')).toHaveTextContent('Non envoyé : Le message est trop long.')
  connect()
  await userEvent.click(screen.getByRole('button', { name: /^Réessayer :/ }))
  await waitFor(() => {
    expect(again.socket.sentOf('chat_message').map((frame) => frame.client_id)).toEqual([clientId])
  })
  again.socket.receive(refusal)
  await userEvent.click(await screen.findByRole('button', { name: /^Modifier :/ }))
  expect(await screen.findByRole('textbox', { name: 'Message non envoyé' })).toHaveValue('refusé')
  await userEvent.click(screen.getByRole('button', { name: /^Supprimer :/ }))
  await untilStored()
})

test('one of several tabs sends, the one in which somebody writes; all show the same', async () => {
  Object.assign(globalThis, { BroadcastChannel: MockChannel })
  Object.defineProperty(navigator, 'locks', { value: new MockLocks(), configurable: true })
  const one = openTab()
  const two = openTab()
  await write(two, 'hors ligne')
  expect(await bubble(one, 'hors ligne')).toHaveTextContent('En attente')

  connect(one.socket)
  await waitFor(() => {
    expect(sent(one.socket)).toEqual(['hors ligne'])
  })
  const frame = one.socket.sentOf('chat_message')[0]
  const message = aMessage(20, { sender_id: userId, content: 'hors ligne', client_id: frame?.client_id ?? '' })
  one.socket.receive({ type: 'new_message', message })
  connect(two.socket)
  await waitFor(() => {
    expect(two.tab.queryByText('En attente')).toBeNull()
  })
  expect(sent(two.socket)).toEqual([])

  await write(two, 'en ligne')
  await waitFor(() => {
    expect(sent(two.socket)).toEqual(['en ligne'])
  })
  expect(sent(one.socket)).toEqual(['hors ligne'])
  two.unmount()
  await write(one, 'encore')
  await waitFor(() => {
    expect(sent(one.socket).at(-1)).toBe('encore')
  })
})

test('if the browser stores nothing, the outbox is in memory', async () => {
  jest.resetModules()
  jest.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new DOMException('not here', 'SecurityError')
  })
  const { loadOutbox, keepOutgoing, forgetOutgoing } = await import('./outboxStore')
  const outgoing = { clientId: 'a', place: { conversation: 7 }, content: 'a', replyTo: null, createdAt: '', sequence: 1, delivery: { status: 'waiting' } } as const
  await keepOutgoing(userId, outgoing)
  await forgetOutgoing(userId, 'a')
  expect(await loadOutbox(userId)).toEqual([])
})
