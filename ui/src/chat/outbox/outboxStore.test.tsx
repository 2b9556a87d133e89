import 'fake-indexeddb/auto'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { configureConnection } from '../../actions/connection'
import { aConversation, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'
import { loadOutbox } from './outboxStore'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

/** Opens the database when the test calls it. */
let mockOpen: () => void = () => undefined
const mockOpened = new Promise<void>((resolve) => {
  mockOpen = resolve
})
jest.mock('../../lib/indexedDb', () => {
  const actual = jest.requireActual<typeof import('../../lib/indexedDb')>('../../lib/indexedDb')
  const openDatabase: typeof actual.openDatabase = (...options) => mockOpened.then(() => actual.openDatabase(...options))
  return { ...actual, openDatabase }
})
globalThis.structuredClone = <T,>(value: T) => JSON.parse(JSON.stringify(value)) as T

/** Stores a message as an earlier page did whose clock was ten years ahead. */
async function leave(content: string) {
  const { completionOf, openDatabase } = jest.requireActual<typeof import('../../lib/indexedDb')>('../../lib/indexedDb')
  const db = await openDatabase(indexedDB, 'messagerie', (created) => {
    created.createObjectStore('outgoing', { keyPath: ['userId', 'clientId'] })
  })
  const createdAt = '2036-09-01T08:00:00.000Z'
  const transaction = db.transaction('outgoing', 'readwrite')
  transaction.objectStore('outgoing').put({ userId: claire.id, clientId: content, conversationId: 7, content, replyTo: null, createdAt, refusal: null })
  await completionOf(transaction)
  db.close()
}
function write(text: string) {
  const field = screen.getByRole('textbox', { name: /^Message à/ })
  fireEvent.change(field, { target: { value: text } })
  fireEvent.keyDown(field, { key: 'Enter' })
}
function connect() {
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
}
const sent = () => MockSocket.last.sentOf('chat_message').map((frame) => frame.message)
const texts = () => Array.from(document.querySelectorAll('.bubble-text'), (element) => element.textContent)

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('a database that opens late delays nothing for long; its messages are sent before those still waiting', async () => {
  await leave('avant')
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  connect()
  write('pendant')
  await act(() => jest.advanceTimersByTimeAsync(1_900))
  expect(sent()).toEqual([])
  await act(() => jest.advanceTimersByTimeAsync(200))
  expect(sent()).toEqual(['pendant'])

  MockSocket.last.closeWith(1006)
  write('ensuite')
  mockOpen()
  await waitFor(() => {
    expect(texts()).toEqual(['avant', 'pendant', 'ensuite'])
  })
  // As the next page loads them: by this page's clock, its own message would be the oldest.
  await waitFor(async () => {
    expect((await loadOutbox(claire.id)).map((one) => one.content)).toEqual(['avant', 'pendant', 'ensuite'])
  })
  fireEvent.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  connect()
  await settled()
  expect(sent()).toEqual(['avant', 'pendant', 'ensuite'])
})
