import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation, Me } from '../../protocol/resources'
import { aConversation, aMe, aMessage, claire } from '../../testing/factories'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const composer = () => screen.queryByRole('textbox', { name: /^Message à/ })
const list = (conversation: Conversation) => {
  MockSocket.last.receive({ type: 'conversations_list', conversations: [conversation], complete: true })
}

async function show(fields: Partial<Conversation>, me: Me = aMe(), messages = [aMessage(10), aMessage(11, { sender_id: claire.id })]) {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const conversation = aConversation(fields)
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [conversation] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: messages })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} me={me} />)
  MockSocket.last.open()
  list(conversation)
  await settled()
}

const closed = (code: string) => ({ can_write: false, cannot_write: code })

test.each([
  ['contact_not_allowed', /règles de l’établissement/],
  ['reply_only', /dès que Jérôme Lefèvre vous aura écrit/],
  ['sanctioned', /suspendu votre droit d’écrire/],
  ['blocked', /sont bloqués/],
  ['staff_only', /Seul le personnel de l’établissement peut écrire.*« Répondre en privé »/],
  ['recipient_gone', /a quitté l’établissement/],
  ['not_in_establishment', /n’appartenez plus à cet établissement/],
  ['of_a_later_version', /ne peut pas écrire/],
])('a conversation that can’t be written to says why: %s', async (code, text) => {
  await show(closed(code))
  expect(await screen.findByText(text)).toBeVisible()
  expect(composer()).toBeNull()
})

test('an empty conversation invites nobody to write who can’t', async () => {
  await show(closed('reply_only'), aMe(), [])
  expect(await screen.findByText('Aucun message', { selector: '.messages-top span' })).toBeVisible()
  expect(screen.queryByText(/Dites bonjour/)).toBeNull()
})

test('during a pause, the school’s text and its end are shown over the list, and the end in the conversation as well', async () => {
  const pause = { text: 'Nous vérifions des messages suspects.', until: '2031-01-06T07:00:00.000Z' }
  await show(closed('paused'), aMe({ pause }))
  const banner = await screen.findByRole('region', { name: 'Envoi de messages suspendu' })
  expect(await within(banner).findByText(/reprise lundi 6 janvier 2031 à 8 h/)).toBeVisible()
  expect(within(banner).getByText(pause.text)).toBeVisible()
  // On a line of its own, in its own direction, and only once.
  expect(screen.getAllByText(pause.text).map((line) => line.getAttribute('dir'))).toEqual(['auto'])
  expect(screen.getAllByText(/reprise lundi 6 janvier 2031 à 8 h/)).toHaveLength(2)
})

test('the caller of a frame replaces the one before: a pause is over', async () => {
  await show({}, aMe({ pause: { text: 'Un instant.', until: null } }))
  expect(await screen.findByText('Un instant.')).toBeVisible()
  MockSocket.last.receive({ type: 'me_updated', me: aMe({ pause: null }) })
  expect(screen.queryByText('Un instant.')).toBeNull()
})

test('a response that is older than such a frame doesn’t replace it', async () => {
  const held = heldAnswer()
  mockFetch.on('GET', /\/me\/$/, () => held.answer)
  await show({ can_write: true })
  MockSocket.last.closeWith(1006)
  await userEvent.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  MockSocket.last.open()
  list(aConversation({ can_write: true }))
  await waitFor(() => {
    expect(mockFetch.requestsTo(/\/me\/$/)).toHaveLength(1)
  })
  MockSocket.last.receive({ type: 'me_updated', me: aMe({ pause: { text: 'Un instant.', until: null } }) })
  held.release({ body: aMe({ pause: null }) })
  await settled()
  expect(await screen.findByText('Un instant.')).toBeVisible()
})

test('the draft is kept and can be copied; the composer comes back with it', async () => {
  localStorage.setItem('messagerie.draft.1.7', 'ce que j’écrivais')
  await show(closed('contact_not_allowed'))
  const texts = await screen.findByRole('list', { name: 'Textes non envoyés' })
  expect(within(texts).getByText('ce que j’écrivais')).toBeVisible()
  expect(within(texts).getByRole('button', { name: 'Copier' })).toBeVisible()
  list(aConversation({ can_write: true, cannot_write: '' }))
  expect(composer()).toHaveValue('ce que j’écrivais')
})

test('a refused message stays, is not sent again by itself, and can be retried once writing is allowed', async () => {
  await show({ can_write: true })
  await userEvent.type(composer() as HTMLElement, 'Bonjour{Enter}')
  const [{ client_id = '' } = {}] = MockSocket.last.sentOf('chat_message')
  MockSocket.last.receive({ type: 'error', code: 'contact_not_allowed', message: '', conversation_id: 7, client_id })
  list(aConversation(closed('contact_not_allowed')))
  expect(await screen.findByText('Non envoyé : Les règles de l’établissement ne le permettent pas.')).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Réessayer :/ })).toBeNull()
  expect(MockSocket.last.sentOf('chat_message')).toHaveLength(1)
  list(aConversation({ can_write: true, cannot_write: '' }))
  expect(screen.getByRole('button', { name: /^Réessayer :/ })).toBeVisible()
  await act(() => Promise.resolve())
})

test('where one can’t write nothing is edited or answered, but one’s own messages can be deleted', async () => {
  await show(closed('paused'))
  await userEvent.click(screen.getAllByRole('button', { name: /^Actions sur (le|votre) message/ })[1] as HTMLElement)
  expect(await screen.findByRole('menuitem', { name: 'Supprimer' })).toBeVisible()
  expect(screen.queryByRole('menuitem', { name: 'Modifier' })).toBeNull()
  expect(screen.queryByRole('menuitem', { name: 'Répondre' })).toBeNull()
})

test('typing that is refused while writing is closed shows no error', async () => {
  await show({ can_write: true })
  MockSocket.last.receive({ type: 'error', code: 'paused', message: '', conversation_id: 7 })
  expect(screen.queryByRole('alert')).toBeNull()
})
