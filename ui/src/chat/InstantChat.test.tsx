import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import type { Conversation, Message } from '../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../testing/factories'
import { heldAnswer, mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { InstantChat } from './InstantChat'

jest.mock('./socket/backoff', () => ({ backoffDelay: () => 60_000 }))

const onUnread = jest.fn()
const messagesPath = /\/messages\/7\/$/

beforeEach(() => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [] })
  mockFetch.on('GET', messagesPath, { body: [] })
})

/** Renders a chat with its list; `history` is the server's for conversation 7. */
function show(history: Message[] = [], conversations: Conversation[] = [aConversation({ last_message: history.at(-1) ?? aMessage(1) })]) {
  mockFetch.on('GET', messagesPath, ({ url }) => {
    const after = Number(url.searchParams.get('after'))
    return { body: history.filter((message) => message.id > after) }
  })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} onUnread={onUnread} />)
  connect(conversations)
  return userEvent.setup()
}
function connect(conversations: Conversation[]) {
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
}
async function open(user: ReturnType<typeof userEvent.setup>, name = /^Jérôme Lefèvre/) {
  await user.click(screen.getByRole('button', { name }))
  await settled()
  return screen.getByRole('region', { name: 'Messages de la conversation' })
}
const composer = () => screen.getByRole('textbox', { name: /^Message à/ })
const bubble = (text: string | RegExp) => {
  const item = within(screen.getByRole('list', { name: 'Messages' })).getByText(text).closest('li')
  if (!item) throw new Error(`no bubble with ${String(text)}`)
  return item
}
const texts = () =>
  Array.from(document.querySelectorAll('.bubble-text'), (element) => element.textContent)

test('shows "Messages"', async () => {
  render(<InstantChat userProfileId={1} establishmentId={123} />)
  expect(screen.getByText('Messages')).toBeVisible()
  await settled()
})

test('lists conversations by activity, with role, last message and unread count', async () => {
  const group = aConversation({ conversation_id: 8, participants: [claire, jerome, elodie], title: 'Sortie au musée', last_message: aMessage(50, { conversation_id: 8 }), unread_count: 2 })
  show([], [aConversation(), group])
  const list = screen.getByRole('list', { name: 'Conversations' })
  const names = within(list).getAllByRole('button').map((one) => one.textContent)
  expect(names[0]).toMatch(/Sortie au musée.*3 personnes.*Jérôme : Message 50.*2 messages non lus/)
  expect(names[1]).toMatch(/Jérôme Lefèvre.*Parent.*Message 1/)
  expect(onUnread).toHaveBeenLastCalledWith(2)
  await settled()
})

test('opens a conversation, joins it and reports it read', async () => {
  const user = show([aMessage(10), aMessage(11)])
  await open(user)
  expect(texts()).toEqual(['Message 10', 'Message 11'])
  expect(composer()).toHaveFocus()
  expect(MockSocket.last.sentOf('join_conversation')).toEqual([{ type: 'join_conversation', conversation_id: 7 }])
  await waitFor(() => {
    expect(MockSocket.last.sentOf('mark_as_read')).toEqual([{ type: 'mark_as_read', conversation_id: 7, message_id: 11 }])
  })
})

test('reports reading only while the window has attention', async () => {
  const hasFocus = jest.spyOn(document, 'hasFocus').mockReturnValue(false)
  const user = show([aMessage(10)])
  await open(user)
  MockSocket.last.receive({ type: 'new_message', message: aMessage(11) })
  expect(MockSocket.last.sentOf('mark_as_read')).toEqual([])
  expect(onUnread).toHaveBeenLastCalledWith(1)
  hasFocus.mockReturnValue(true)
  act(() => {
    window.dispatchEvent(new Event('focus'))
  })
  expect(MockSocket.last.sentOf('mark_as_read')).toEqual([{ type: 'mark_as_read', conversation_id: 7, message_id: 11 }])
  expect(onUnread).toHaveBeenLastCalledWith(0)
})

test('loads a conversation whose first load fails after the next link has opened', async () => {
  const first = heldAnswer()
  const user = show([aMessage(10)])
  mockFetch.on('GET', messagesPath, () => first.answer)
  MockSocket.last.closeWith(1006)
  await user.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))

  await user.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  connect([aConversation()])
  mockFetch.on('GET', messagesPath, { body: [aMessage(10)] })
  first.release({ status: 503 })
  await waitFor(() => {
    expect(texts()).toEqual(['Message 10'])
  })
  expect(screen.queryByRole('button', { name: /^Réessayer :/ })).not.toBeInTheDocument()
})

test('on losing the focus, everything shown so far is reported as read', async () => {
  const user = show([aMessage(10)])
  await open(user)
  await waitFor(() => {
    expect(MockSocket.last.sentOf('mark_as_read')).toHaveLength(1)
  })
  MockSocket.last.receive({ type: 'new_message', message: aMessage(11) }, { type: 'new_message', message: aMessage(12) })
  expect(MockSocket.last.sentOf('mark_as_read')).toHaveLength(1)
  jest.spyOn(document, 'hasFocus').mockReturnValue(false)
  act(() => {
    window.dispatchEvent(new Event('blur'))
  })
  expect(MockSocket.last.sentOf('mark_as_read').map((frame) => frame.message_id)).toEqual([10, 12])
})

test('shows a message at once, and its states from sending to read', async () => {
  const user = show([aMessage(10)])
  await open(user)
  await user.type(composer(), 'Bonjour{Shift>}{Enter}{/Shift}à vous{Enter}')
  const [sent] = MockSocket.last.sentOf('chat_message')
  expect(sent).toMatchObject({ conversation_id: 7, message: 'Bonjour\nà vous' })
  const state = () => bubble(/Bonjour/)
  expect(state()).toHaveTextContent('Envoi…')
  expect(composer()).toHaveValue('')

  const message = aMessage(11, { sender_id: claire.id, content: 'Bonjour\nà vous', client_id: sent?.client_id ?? '' })
  MockSocket.last.receive({ type: 'new_message', message }, { type: 'new_message', message })
  expect(state()).toHaveTextContent('Envoyé')
  MockSocket.last.receive({ type: 'messages_delivered', conversation_id: 7, user_id: jerome.id, message_id: 11 })
  expect(state()).toHaveTextContent('Distribué')
  MockSocket.last.receive({ type: 'messages_read', conversation_id: 7, user_id: jerome.id, message_id: 11, timestamp: '' })
  expect(state()).toHaveTextContent('Lu')
  expect(texts()).toHaveLength(2)
})

test('a refused message stays, with the reason, and can be retried or rewritten', async () => {
  const user = show()
  await open(user)
  await user.type(composer(), 'Trop long{Enter}')
  const clientId = MockSocket.last.sentOf('chat_message')[0]?.client_id ?? ''
  const refuse = () => {
    MockSocket.last.receive({ type: 'error', code: 'content_too_long', message: '', conversation_id: 7, client_id: clientId })
  }
  refuse()
  expect(await screen.findByRole('alert')).toHaveTextContent('Non envoyé : Le message est trop long.')
  await user.click(screen.getByRole('button', { name: /^Réessayer :/ }))
  expect(MockSocket.last.sentOf('chat_message').map((frame) => frame.client_id)).toEqual([clientId, clientId])
  refuse()
  await user.click(screen.getByRole('button', { name: /^Modifier :/ }))
  await user.clear(await screen.findByRole('textbox', { name: 'Message non envoyé' }))
  await user.type(screen.getByRole('textbox', { name: 'Message non envoyé' }), 'Court{Enter}')
  expect(MockSocket.last.sentOf('chat_message').at(-1)).toMatchObject({ message: 'Court' })
  expect(texts()).toEqual(['Court'])
})

test('messages written without a link wait, and are sent in order on the next one', async () => {
  const user = show()
  await open(user)
  MockSocket.last.closeWith(1012)
  await user.type(composer(), 'un{Enter}deux{Enter}')
  expect(bubble('un')).toHaveTextContent('En attente')
  await user.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  connect([aConversation()])
  await settled()
  expect(MockSocket.last.sentOf('chat_message').map((frame) => frame.message)).toEqual(['un', 'deux'])
})

test('messages that were being sent when the link broke are sent again with the same client_id', async () => {
  const user = show()
  await open(user)
  MockSocket.last.dropSilently()
  await user.type(composer(), 'perdu{Enter}')
  expect(MockSocket.last.sentOf('chat_message')).toEqual([])
  MockSocket.last.closeWith(1006)
  const waiting = bubble('perdu')
  expect(waiting).toHaveTextContent('En attente')
  await user.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  connect([aConversation()])
  await settled()
  expect(MockSocket.last.sentOf('chat_message')).toHaveLength(1)
  expect(bubble('perdu')).toBe(waiting)
})

test('after a reconnection fetches loaded and missed messages page by page, without gaps or duplicates', async () => {
  const user = show([aMessage(10)])
  await open(user)
  MockSocket.last.closeWith(4008)
  const second = heldAnswer()
  mockFetch.on('GET', messagesPath, ({ url }) => {
    if (url.searchParams.get('after') === '12') return second.answer
    return { body: [aMessage(10, { content: '', deleted: true }), aMessage(11), aMessage(12)], headers: { Link: '</x?after=12&limit=200>; rel="next"' } }
  })
  await user.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  connect([aConversation()])
  await screen.findByText('Message 12')
  // A live message overtakes the pages.
  MockSocket.last.receive({ type: 'new_message', message: aMessage(14) })
  second.release({ body: [aMessage(13), aMessage(14)] })
  await settled()
  expect(texts()).toEqual(['Message supprimé', 'Message 11', 'Message 12', 'Message 13', 'Message 14'])
  const queries = mockFetch.requestsTo(messagesPath).map((request) => request.url.search)
  expect(queries).toEqual(['?limit=50', '?after=0&limit=200', '?after=12&limit=200'])
})

test('shows who is typing, until it times out', async () => {
  const user = show()
  await open(user)
  MockSocket.last.receive({ type: 'typing_start', conversation_id: 7, user_id: jerome.id })
  expect(screen.getAllByText('Jérôme écrit…')).toHaveLength(2) // in the list and in the conversation
  MockSocket.last.receive({ type: 'typing_stop', conversation_id: 7, user_id: jerome.id })
  expect(screen.queryByText('Jérôme écrit…')).toBeNull()
})

test('announces incoming messages once, and none of one’s own', async () => {
  const user = show([aMessage(10)])
  await open(user)
  const log = screen.getByRole('log')
  expect(log).toBeEmptyDOMElement()
  const message = aMessage(11)
  MockSocket.last.receive({ type: 'new_message', message }, { type: 'new_message', message })
  MockSocket.last.receive({ type: 'new_message', message: aMessage(12, { sender_id: claire.id }) })
  expect(within(log).getAllByText(/./).map((one) => one.textContent)).toEqual(['Jérôme Lefèvre : Message 11'])
})

test('loads older messages near the top', async () => {
  const user = show()
  mockFetch.on('GET', messagesPath, ({ url }) =>
    url.searchParams.has('before')
      ? { body: [aMessage(8), aMessage(9)] }
      : { body: [aMessage(10)], headers: { Link: '</x?before=10>; rel="next"' } },
  )
  const region = await open(user)
  act(() => {
    region.dispatchEvent(new Event('scroll'))
  })
  await screen.findByText('Message 8')
  expect(texts()).toEqual(['Message 8', 'Message 9', 'Message 10'])
  expect(screen.getByText('Début de la conversation')).toBeVisible()
})

test('edits, deletes and replies', async () => {
  const own = aMessage(11, { sender_id: claire.id, content: 'à corriger' })
  const user = show([aMessage(10), own])
  await open(user)
  const menu = async (text: string, item: string) => {
    await user.click(within(bubble(text)).getByRole('button', { name: /^Actions sur (le|votre) message/ }))
    await user.click(await screen.findByRole('menuitem', { name: item }))
  }
  await menu('Message 10', 'Répondre')
  await user.type(composer(), 'Oui{Enter}')
  expect(MockSocket.last.sentOf('chat_message')[0]).toMatchObject({ message: 'Oui', reply_to: 10 })
  expect(bubble('Oui')).toHaveTextContent('En réponse à Jérôme Lefèvre')

  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { body: { ...own, content: 'corrigé', edited_at: '2026-09-01T10:00:00.000Z' } })
  await menu('à corriger', 'Modifier')
  const field = await screen.findByRole('textbox', { name: 'Modification du message' })
  await user.clear(field)
  await user.type(field, 'corrigé{Enter}')
  expect(await screen.findByText('modifié')).toBeVisible()

  mockFetch.on('DELETE', /\/messages\/7\/11\/$/, { status: 204 })
  await menu('corrigé', 'Supprimer')
  await user.click(within(await screen.findByRole('dialog', { name: 'Supprimer ce message ?' })).getByRole('button', { name: 'Supprimer' }))
  expect(await screen.findByText('Message supprimé', { selector: '.bubble-text' })).toBeVisible()
})

test('makes links of addresses, and never HTML', async () => {
  const user = show([aMessage(10, { content: '<b>voir</b> https://exemple.fr/a.' })])
  await open(user)
  const link = screen.getByRole('link', { name: 'https://exemple.fr/a' })
  expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  expect(link).toHaveAttribute('target', '_blank')
  expect(texts()).toEqual(['<b>voir</b> https://exemple.fr/a.'])
})

test('in a group shows how many have read a message', async () => {
  const own = aMessage(10, { sender_id: claire.id })
  const receipts = [claire, jerome, elodie].map(({ id }) => ({ user_id: id, last_read: id === jerome.id ? 10 : 0, last_delivered: 10 }))
  const user = show([own], [aConversation({ participants: [claire, jerome, elodie], title: 'Sortie', last_message: own, receipts })])
  await open(user, /^Sortie/)
  expect(screen.getByText('Lu par 1 sur 2')).toBeVisible()
  MockSocket.last.receive({ type: 'messages_read', conversation_id: 7, user_id: elodie.id, message_id: 10, timestamp: '' })
  expect(screen.getByText('Lu par 2 sur 2')).toBeVisible()
})
