import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

/** Conversation 7 is open, read up to message 10, and nothing has been reported for a while. */
async function show() {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const read = { user_id: claire.id, last_read: 10, last_delivered: 10 }
  const conversations = [aConversation({ last_message: aMessage(10), receipts: [read] })]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(10)] })
  const view = render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  pass(1_000)
  expect(reported()).toEqual([])
  return view
}
const reported = () => MockSocket.last.sentOf('mark_as_read').map((frame) => frame.message_id)
function arrive(from: number, to: number, { every }: { every: number }) {
  for (let id = from; id <= to; id++) {
    MockSocket.last.receive({ type: 'new_message', message: aMessage(id) })
    pass(every)
  }
}
function pass(milliseconds: number) {
  act(() => {
    jest.advanceTimersByTime(milliseconds)
  })
}
function lookAway() {
  jest.spyOn(document, 'hasFocus').mockReturnValue(false)
  act(() => {
    window.dispatchEvent(new Event('blur'))
  })
}

test('fifty messages in a second are reported every half second, including the last one', async () => {
  await show()
  arrive(11, 60, { every: 20 })
  pass(500)
  expect(reported()).toEqual([11, 35, 60])
  pass(5_000)
  expect(reported()).toHaveLength(3)
})

test('of fifty messages at once the first is reported, and a moment later the last', async () => {
  await show()
  arrive(11, 60, { every: 0 })
  expect(reported()).toEqual([11])
  pass(499)
  expect(reported()).toEqual([11])
  pass(1)
  expect(reported()).toEqual([11, 60])
})

test('on losing the focus, shown messages are reported at once, and later ones aren’t', async () => {
  await show()
  arrive(11, 20, { every: 1 })
  lookAway()
  expect(reported()).toEqual([11, 20])
  arrive(21, 30, { every: 1 })
  pass(5_000)
  expect(reported()).toEqual([11, 20])

  jest.mocked(document.hasFocus).mockReturnValue(true)
  act(() => {
    window.dispatchEvent(new Event('focus'))
  })
  expect(reported()).toEqual([11, 20, 30])
})

test('messages that arrive behind an open dialog aren’t read until it is closed', async () => {
  await show()
  const user = userEvent.setup({ advanceTimers: jest.advanceTimersByTime })
  await user.click(screen.getByRole('button', { name: 'Détails de la conversation' }))
  await screen.findByRole('dialog')
  arrive(11, 12, { every: 600 })
  expect(reported()).toEqual([])
  await user.keyboard('{Escape}')
  expect(reported()).toEqual([12])
})

test('shown messages are also reported when the chat is closed', async () => {
  const { unmount } = await show()
  arrive(11, 20, { every: 1 })
  const socket = MockSocket.last
  unmount()
  expect(socket.sentOf('mark_as_read').map((frame) => frame.message_id)).toEqual([11, 20])
})
