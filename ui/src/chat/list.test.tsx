import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import type { Conversation } from '../protocol'
import { aConversation, claire, elodie, jerome } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { InstantChat } from './InstantChat'

beforeEach(() => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
})

async function show(...conversations: Conversation[]) {
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  return userEvent.setup()
}

test('the line of a group names who writes in it, not who comes first', async () => {
  await show(aConversation({ participants: [claire, jerome, elodie], title: 'Sortie' }))
  const types = (userId: number) => {
    MockSocket.last.receive({ type: 'typing_start', conversation_id: 7, user_id: userId })
  }
  types(elodie.id)
  expect(screen.getByRole('button', { name: /^Sortie/ })).toHaveTextContent('Élodie écrit…')
  types(jerome.id)
  expect(screen.getByRole('button', { name: /^Sortie/ })).toHaveTextContent('Élodie et Jérôme écrivent…')
})

test('what is refused while no conversation is open is said as well', async () => {
  const user = await show(aConversation())
  MockSocket.last.receive({ type: 'error', code: 'too_many_requests', message: '' })
  expect(screen.getByRole('alert')).toHaveTextContent('Trop de demandes. Patientez un instant.')
  await user.click(screen.getByRole('button', { name: 'Fermer' }))
  expect(screen.queryByRole('alert')).toBeNull()
})
