import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import type { Conversation } from '../protocol'
import { aConversation, aMessage, claire, elodie, jerome } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { InstantChat } from './InstantChat'

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

async function press(contact: string) {
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  listed(aConversation())
  const user = userEvent.setup()
  await user.type(screen.getByRole('searchbox'), 'el')
  const found = screen.getByRole('region', { name: 'Contacts' })
  await user.click(await within(found).findByRole('button', { name: new RegExp(`^${contact}`) }))
  expect(found).not.toBeInTheDocument()
  await settled()
  return user
}
const field = () => screen.getByRole('textbox', { name: /^Message à/ })

test('a press on a contact makes nothing; the first message makes the conversation', async () => {
  const user = await press('Élodie')
  expect(field()).toHaveFocus()
  expect(mockFetch.requestsTo(createPath)).toEqual([])
  await user.type(field(), 'Bonjour{Enter}')
  await settled()
  expect(mockFetch.requestsTo(createPath).map((request) => request.body)).toEqual([{ participants: [elodie.id] }])
  expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ conversation_id: 9, message: 'Bonjour' }])
  expect(screen.getByRole('region', { name: 'Messages de la conversation' })).toBeVisible()
  expect(field()).toHaveValue('')
})

test('a contact with whom there is a conversation leads there', async () => {
  await press('Jérôme')
  expect(MockSocket.last.sentOf('join_conversation')).toMatchObject([{ conversation_id: 7 }])
  expect(mockFetch.requestsTo(createPath)).toEqual([])
})

test('what can’t be sent stays in the field, and says why', async () => {
  const user = await press('Élodie')
  mockFetch.on('POST', createPath, { status: 403, body: { status: 403, code: 'no_shared_establishment', message: '', data: {} } })
  await user.type(field(), 'Bonjour{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Les participants n’ont pas d’établissement en commun.')
  expect(field()).toHaveValue('Bonjour')
})

test('who is written to first finds what was begun in the conversation', async () => {
  const user = await press('Élodie')
  await user.type(field(), 'Je voulais')
  listed(aConversation(), { ...withElodie, last_message: aMessage(20, { conversation_id: 9, sender_id: elodie.id }) })
  await settled()
  expect(screen.getByRole('region', { name: 'Messages de la conversation' })).toBeVisible()
  expect(field()).toHaveValue('Je voulais')
  expect(mockFetch.requestsTo(createPath)).toEqual([])
})

test('the way back leads to the list', async () => {
  const user = await press('Élodie')
  await user.click(screen.getByRole('button', { name: 'Retour aux conversations' }))
  expect(screen.getByText('Choisissez une conversation')).toBeVisible()
})
