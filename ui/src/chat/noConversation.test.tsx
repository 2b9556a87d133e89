import { act, fireEvent, render, screen } from '@testing-library/react'
import { configureConnection } from '../actions/connection'
import type { ServerFrame } from '../protocol/frames'
import type { Conversation } from '../protocol/resources'
import { aConversation, aMessage, claire } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { InstantChat } from './InstantChat'

const notParticipant = { status: 403, body: { status: 403, code: 'not_participant', message: '', data: {} } }

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
  Reflect.deleteProperty(navigator, 'clipboard')
})

/** Claire was removed from conversation 9 while writing; 7 is hers. */
async function show(selectedId = 9) {
  localStorage.setItem('messagerie.draft.1.9', 'ce que j’écrivais')
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const conversations = [aConversation()]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/conversations\/1\/9\/$/, notParticipant)
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={selectedId} onSelect={() => undefined} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
}
/** jsdom has no clipboard. */
function clipboard(writeText: (text: string) => Promise<void>) {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
}
async function copy() {
  fireEvent.click(screen.getByRole('button', { name: 'Copier' }))
  await settled()
}

test('a text that can no longer be sent can be copied, with a note for a moment', async () => {
  await show()
  const write = jest.fn(() => Promise.resolve())
  clipboard(write)
  await copy()
  const note = screen.getByText('Copié')
  expect(note.closest('[role=status]')).toBeVisible()
  expect(write).toHaveBeenCalledWith('ce que j’écrivais')
  act(() => {
    jest.advanceTimersByTime(2_000)
  })
  expect(note).not.toBeInTheDocument()
})

test('if the browser doesn’t allow copying there is a notice', async () => {
  await show()
  clipboard(() => Promise.reject(new DOMException('not here', 'NotAllowedError')))
  Object.assign(document, { execCommand: () => false })
  await copy()
  expect(await screen.findByRole('alert')).toHaveTextContent('Votre navigateur n’autorise pas la copie.')
  expect(screen.queryByText('Copié')).toBeNull()
})

test('the focus moves from the removed conversation to the text in its place', async () => {
  await show()
  expect(screen.getByRole('heading', { name: 'Vous n’avez plus accès à cette conversation.' })).toHaveFocus()
})

describe('somebody who is removed from the open conversation', () => {
  const lists = (...conversations: Conversation[]): ServerFrame => ({ type: 'conversations_list', conversations, complete: true })
  async function open() {
    mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(1)] })
    mockFetch.on('GET', /\/conversations\/1\/7\/$/, notParticipant)
    await show(7)
    fireEvent.change(screen.getByRole('textbox', { name: 'Message à Jérôme Lefèvre' }), { target: { value: 'Je n’avais' } })
    mockFetch.on('GET', /\/messages\/7\/$/, notParticipant)
  }
  const expectNoteAlone = () => {
    expect(screen.getByRole('heading', { name: 'Vous n’avez plus accès à cette conversation.' })).toBeVisible()
    expect(screen.queryByRole('alert')).toBeNull()
  }

  test('gets no second error for a late typing signal', async () => {
    await open()
    MockSocket.last.receive(lists())
    await settled()
    expect(MockSocket.last.sentOf('typing_stop')).toHaveLength(1)
    MockSocket.last.receive({ type: 'error', code: 'not_participant', message: '', conversation_id: 7 })
    expectNoteAlone()
  })

  test('nor if that happened without a link', async () => {
    await open()
    MockSocket.last.closeWith(1006)
    fireEvent.click(screen.getByRole('button', { name: 'Se reconnecter' }))
    MockSocket.last.open()
    MockSocket.last.receive(lists())
    await settled()
    expect(mockFetch.requestsTo(/\/conversations\/1\/7\/$/)).not.toHaveLength(0)
    expectNoteAlone()
  })
})
