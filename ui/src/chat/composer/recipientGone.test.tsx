import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation } from '../../protocol/resources'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const gone = 'Cette personne a quitté l’établissement : on ne peut plus lui écrire.'
const composer = () => screen.queryByRole('textbox', { name: /^Message à/ })

async function show(conversation: Conversation) {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [conversation] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(10, { sender_id: 0 }), aMessage(11, { sender_id: claire.id })] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [conversation], complete: true })
  await settled()
}

test('if the other’s account was deleted, the conversation says so and can’t be written to', async () => {
  localStorage.setItem('messagerie.draft.1.7', 'ce que j’écrivais')
  await show(aConversation({ participants: [claire], kind: 'direct' }))
  expect(await screen.findByText(gone)).toBeVisible()
  expect(composer()).toBeNull()
  expect(within(screen.getByRole('list', { name: 'Textes non envoyés' })).getByText('ce que j’écrivais')).toBeVisible()
  await userEvent.click(screen.getAllByRole('button', { name: /^Actions sur (le|votre) message/ })[1] as HTMLElement)
  await screen.findByRole('menuitem', { name: 'Modifier' })
  expect(screen.queryByRole('menuitem', { name: 'Répondre' })).toBeNull()
})

test('a group with nobody else can be written to: people who join later can read it', async () => {
  await show(aConversation({ participants: [claire], kind: 'group', title: 'Sortie' }))
  expect(composer()).toBeVisible()
})

test('a message that is refused because the other has left stays, with the reason', async () => {
  await show(aConversation())
  await userEvent.type(composer() as HTMLElement, 'Bonjour{Enter}')
  const [{ client_id } = { client_id: '' }] = MockSocket.last.sentOf('chat_message')
  MockSocket.last.receive({ type: 'error', code: 'recipient_gone', message: '', conversation_id: 7, client_id: client_id ?? '' })
  expect(await screen.findByRole('alert')).toHaveTextContent('Non envoyé : Cette personne a quitté l’établissement.')
  const bubble = screen.getByText('Bonjour', { selector: '.bubble-text' }).closest('li') as HTMLElement
  expect(within(bubble).getByTitle('Non envoyé')).toBeVisible()
  expect(within(bubble).queryByTitle('Envoyé')).toBeNull()
  expect(await screen.findByText(gone)).toBeVisible()
  expect(composer()).toBeNull()

  // Somebody who comes back can be written to again.
  await userEvent.click(screen.getByRole('button', { name: /^Réessayer :/ }))
  expect(composer()).toBeVisible()
  await act(() => Promise.resolve())
})

test('no conversation is created with somebody who is gone', async () => {
  localStorage.setItem('messagerie.contacts.1', JSON.stringify([{ person: { id: 9, first_name: 'Nadia', last_name: 'Roux', email: '', role: 'teacher' }, since: '2026-09-01T08:00:00.000Z' }]))
  mockFetch.on('POST', /\/conversations\/create\/$/, { status: 400, body: { status: 400, code: 'unknown_participants', message: '', data: {} } })
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={-9} onSelect={() => undefined} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [], complete: true })
  await settled()
  await userEvent.type(composer() as HTMLElement, 'Bonjour{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Non envoyé : Cette personne a quitté l’établissement.')
})
