import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

/** Whether the browser would ask before leaving the page. */
const asksBeforeLeaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))

test('if the browser stores no messages, it asks before waiting ones are lost with the page', async () => {
  // jsdom has no database, like some private windows.
  expect(globalThis).not.toHaveProperty('indexedDB')
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  await settled()
  expect(asksBeforeLeaving()).toBe(false)

  await userEvent.type(screen.getByRole('textbox', { name: /^Message à/ }), 'en attente{Enter}')
  await settled()
  expect(asksBeforeLeaving()).toBe(true)

  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await waitFor(() => {
    expect(MockSocket.last.sentOf('chat_message')).toHaveLength(1)
  })
  const clientId = MockSocket.last.sentOf('chat_message')[0]?.client_id ?? ''
  MockSocket.last.receive({ type: 'new_message', message: aMessage(11, { sender_id: claire.id, client_id: clientId }) })
  expect(asksBeforeLeaving()).toBe(false)
})
