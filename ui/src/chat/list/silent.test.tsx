import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation, Id } from '../../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const silent = aConversation({ conversation_id: 8, participants: [claire, elodie], last_message: null })
const group = aConversation({ conversation_id: 9, participants: [claire, jerome, elodie], title: 'Sortie', last_message: null })

/** Renders a chat at a path, such as that of a link to a conversation. */
async function show(conversations: Conversation[], path = '') {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const headers: Record<string, string> = path ? { Link: `<${path}>; rel="next"` } : {}
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations, headers })
  mockFetch.on('GET', /\/messages\/8\/$/, { body: [] })
  const at = (selectedId: Id | null) => <InstantChat userProfileId={claire.id} establishmentId={123} selectedId={selectedId} onSelect={() => undefined} />
  const { rerender } = render(at(null))
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: path === '' })
  await settled()
  return async (selectedId: Id | null) => {
    rerender(at(selectedId))
    await settled()
  }
}
const elodies = () => screen.queryByRole('button', { name: /^Élodie/ })

test('a direct conversation without messages isn’t listed; a group is', async () => {
  await show([silent, group])
  expect(screen.getByRole('button', { name: /^Sortie/ })).toHaveTextContent('Aucun message')
  expect(elodies()).toBeNull()
  MockSocket.last.receive({ type: 'new_message', message: aMessage(20, { conversation_id: 8, sender_id: elodie.id }) })
  expect(elodies()).toHaveTextContent('Message 20')
})

test('a link opens it all the same, and it stays listed as long as it has a draft', async () => {
  const go = await show([silent])
  await go(8)
  expect(screen.getByRole('region', { name: 'Conversation avec Élodie Garçon' })).toBeVisible()
  expect(elodies()).toHaveTextContent('Aucun message')
  await userEvent.type(screen.getByRole('textbox', { name: /^Message à/ }), 'Bonjour')
  await go(null)
  expect(elodies()).toHaveTextContent('Brouillon : Bonjour')

  localStorage.clear()
  fireEvent(window, new StorageEvent('storage', { key: null }))
  expect(elodies()).toBeNull()
})

test('a waiting message keeps it listed as well', async () => {
  const go = await show([silent])
  await go(8)
  MockSocket.last.closeWith(1006)
  await userEvent.type(screen.getByRole('textbox', { name: /^Message à/ }), 'Bonjour{Enter}')
  await go(null)
  expect(elodies()).toBeVisible()
})

test('if there is nothing else to list, the empty state is shown', async () => {
  await show([silent])
  expect(screen.getByRole('button', { name: 'Écrire un message' })).toBeVisible()
})

test('a page with only such conversations loads the next one', async () => {
  await show([silent], '/api/messagerie/conversations/1/?cursor=abc')
  expect(screen.queryByRole('button', { name: 'Écrire un message' })).toBeNull()
  expect(screen.getByRole('button', { name: 'Afficher plus de conversations' })).toBeVisible()
})
