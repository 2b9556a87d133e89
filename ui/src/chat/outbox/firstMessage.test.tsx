import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation } from '../../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

const createPath = /\/conversations\/create\/$/
const withElodie = aConversation({ conversation_id: 9, participants: [claire, elodie] })
const listed = (...conversations: Conversation[]) => {
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
}

beforeEach(() => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [elodie, jerome] })
  mockFetch.on('POST', createPath, { status: 201, body: withElodie })
})

afterEach(() => {
  jest.useRealTimers()
})

async function press(contact: string, user = userEvent.setup()) {
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  listed(aConversation())
  await user.type(screen.getByRole('searchbox'), 'el')
  const found = screen.getByRole('region', { name: 'Contacts' })
  await user.click(await within(found).findByRole('button', { name: new RegExp(`^${contact}`) }))
  expect(found).not.toBeInTheDocument()
  await settled()
  return user
}
const line = (name: RegExp) => screen.getByRole('button', { name })
const pane = () => within(screen.getByRole('region', { name: /^Conversation avec/ }))
const field = () => screen.getByRole('textbox', { name: /^Message à/ })

test('clicking a contact creates nothing; the first message creates the conversation', async () => {
  const user = await press('Élodie')
  expect(field()).toHaveFocus()
  expect(mockFetch.requestsTo(createPath)).toEqual([])
  await user.type(field(), 'Bonjour{Enter}')
  await settled()
  expect(mockFetch.requestsTo(createPath).map((request) => request.body)).toEqual([{ participants: [elodie.id] }])
  expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ conversation_id: 9, message: 'Bonjour' }])
  expect(await screen.findByRole('region', { name: 'Messages de la conversation' })).toBeVisible()
  expect(field()).toHaveValue('')
})

test('a contact with a conversation leads to it', async () => {
  await press('Jérôme')
  expect(MockSocket.last.sentOf('join_conversation')).toMatchObject([{ conversation_id: 7 }])
  expect(mockFetch.requestsTo(createPath)).toEqual([])
})

test('a message that can’t be sent stays, shows why, and can be retried', async () => {
  const user = await press('Élodie')
  mockFetch.on('POST', createPath, { status: 403, body: { status: 403, code: 'no_shared_establishment', message: '', data: {} } })
  await user.type(field(), 'Bonjour{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Les participants n’ont pas d’établissement en commun.')
  expect(MockSocket.last.sentOf('chat_message')).toEqual([])
  mockFetch.on('POST', createPath, { status: 201, body: withElodie })
  await user.click(screen.getByRole('button', { name: /^Réessayer :/ }))
  await waitFor(() => {
    expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ conversation_id: 9, message: 'Bonjour' }])
  })
})

test('messages written without a link wait, also in the list, and are sent in order once there is one', async () => {
  const user = await press('Élodie')
  MockSocket.last.closeWith(1006)
  await user.type(field(), 'Bonjour{Enter}')
  await user.type(field(), 'Claire{Enter}')
  expect(screen.queryByRole('alert')).toBeNull()
  expect(pane().getAllByText('En attente')).toHaveLength(2)
  await user.type(field(), 'Et')
  await user.click(line(/^Jérôme/))
  expect(line(/^Élodie/)).toHaveTextContent('Brouillon : Et')
  await user.click(line(/^Élodie/))
  expect(line(/^Élodie/)).toHaveTextContent('Vous : Claire')
  expect(field()).toHaveValue('Et')
  expect(mockFetch.requestsTo(createPath)).toEqual([])

  await user.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  MockSocket.last.open()
  listed(aConversation())
  await waitFor(() => {
    expect(MockSocket.last.sentOf('chat_message')).toMatchObject([
      { conversation_id: 9, message: 'Bonjour' },
      { conversation_id: 9, message: 'Claire' },
    ])
  })
  expect(mockFetch.requestsTo(createPath)).toHaveLength(1)
  expect(field()).toHaveValue('Et')
})

test('a conversation that can’t be created at the moment is requested again', async () => {
  jest.useFakeTimers()
  const user = await press('Élodie', userEvent.setup({ advanceTimers: jest.advanceTimersByTime }))
  mockFetch.on('POST', createPath, { status: 429, headers: { 'Retry-After': '2' }, body: { status: 429, code: 'too_many_requests', message: '', data: {} } })
  await user.type(field(), 'Bonjour{Enter}')
  await settled()
  expect(pane().getByText('En attente')).toBeVisible()
  mockFetch.on('POST', createPath, { status: 201, body: withElodie })
  await act(() => jest.advanceTimersByTimeAsync(1_900))
  expect(MockSocket.last.sentOf('chat_message')).toEqual([])
  await act(() => jest.advanceTimersByTimeAsync(200))
  expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ conversation_id: 9, message: 'Bonjour' }])
})

test('a draft to somebody who writes first moves into the conversation', async () => {
  const user = await press('Élodie')
  await user.type(field(), 'Je voulais')
  listed(aConversation(), { ...withElodie, last_message: aMessage(20, { conversation_id: 9, sender_id: elodie.id }) })
  await settled()
  expect(screen.getByRole('region', { name: 'Messages de la conversation' })).toBeVisible()
  expect(field()).toHaveValue('Je voulais')
  expect(mockFetch.requestsTo(createPath)).toEqual([])
})

test('the back button leads to the list', async () => {
  const user = await press('Élodie')
  await user.click(screen.getByRole('button', { name: 'Retour aux conversations' }))
  expect(screen.getByText('Choisissez une conversation')).toBeVisible()
})
