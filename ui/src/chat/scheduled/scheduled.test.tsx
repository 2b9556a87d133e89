import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation, Scheduled } from '../../protocol/resources'
import { aConversation, aMe, aMessage, claire, mayNothing } from '../../testing/factories'
import { heldAnswer, type MockAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

const composer = () => screen.getByRole('textbox', { name: /^Message à/ })
const later = '2031-01-06T07:00:00.000Z'
const sent = () => MockSocket.last.sentOf('chat_message')

function aScheduled(fields: Partial<Scheduled> = {}): Scheduled {
  const one = { id: 90, conversation_id: 7, content: 'À lundi', client_id: 'c', reply_to: null, deliver_at: later, reason: 'scheduled', created_at: '2026-09-01T08:00:00.000Z', code: '' } as const
  return { ...one, ...fields }
}

async function show(fields: Partial<Conversation> = {}, waiting: Scheduled[] | (() => MockAnswer | Promise<MockAnswer>) = []) {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const conversation = aConversation({ can_write: true, cannot_write: '', quiet_until: null, ...fields })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [conversation] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(10)] })
  mockFetch.on('GET', /\/scheduled\/$/, typeof waiting === 'function' ? waiting : { body: waiting })
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ can: { ...mayNothing, urgent: true } }) })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} me={aMe({ can: { ...mayNothing, urgent: true } })} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [conversation], complete: true })
  // The part that asks for it is fetched later: its response is that of a server with nothing new.
  await waitFor(() => {
    expect(mockFetch.requestsTo(/\/scheduled\/$/)).not.toHaveLength(0)
  })
  await settled()
}

async function openMenu() {
  await userEvent.click(screen.getByRole('button', { name: 'Envoyer plus tard' }))
  return screen.findByRole('menu', { name: 'Envoyer plus tard' })
}

/** The last time that is proposed: Monday's, which on a Sunday is called tomorrow's. */
async function morning() {
  const times = await within(await openMenu()).findAllByRole('menuitem', { name: /8\sh$/ })
  return times.at(-1) as HTMLElement
}

test('a message is scheduled with a proposal, once, and waits at the end until it is delivered', async () => {
  await show()
  await userEvent.type(composer(), 'À lundi')
  await userEvent.click(await morning())
  expect(composer()).toHaveValue('')
  const [{ client_id = '', deliver_at = '' } = {}] = sent()
  expect(deliver_at).toMatch(/T0[67]:00:00\.000Z$/)
  const scheduled = aScheduled({ client_id, deliver_at })
  MockSocket.last.receive({ type: 'message_scheduled', scheduled })
  expect(await screen.findByText(/^Sera envoyé .*à 8 h$/)).toBeVisible()
  expect(screen.queryByTitle('Envoi…')).toBeNull()
  MockSocket.last.receive({ type: 'new_message', message: aMessage(20, { sender_id: claire.id, client_id, content: 'À lundi' }) }, { type: 'scheduled_gone', id: 90, reason: 'delivered' })
  expect(screen.queryByText(/^Sera envoyé/)).toBeNull()
  expect(screen.getByText('À lundi', { selector: '.bubble-text' })).toBeVisible()
  expect(sent()).toHaveLength(1)
})

test('a message for a time of one’s own is sent once, for then', async () => {
  await show()
  await userEvent.type(composer(), 'À lundi')
  await userEvent.click(await within(await openMenu()).findByRole('menuitem', { name: 'Choisir une date et une heure…' }))
  await userEvent.click(within(await screen.findByRole('dialog', { name: 'Envoyer plus tard' })).getByRole('button', { name: 'Programmer l’envoi' }))
  await waitFor(() => {
    expect(composer()).toHaveValue('')
  })
  expect(sent()).toMatchObject([{ message: 'À lundi', deliver_at: expect.any(String) as string }])
})

test('written without a link, it is scheduled when there is one again', async () => {
  await show()
  MockSocket.last.closeWith(1006)
  await userEvent.type(composer(), 'À lundi')
  await userEvent.click(await morning())
  expect(await screen.findByText(/^Sera envoyé/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation({ can_write: true })], complete: true })
  await waitFor(() => {
    expect(sent()).toHaveLength(1)
  })
  expect(sent()[0]?.deliver_at).toBeTruthy()
})

test('during quiet hours the composer says when, and urgent is asked to be confirmed', async () => {
  await show({ quiet_until: later })
  expect(await screen.findByText('Sera remis lundi 6 janvier 2031 à 8 h, à la fin des heures de calme.')).toBeVisible()
  await userEvent.type(composer(), 'Au feu')
  await userEvent.click(await within(await openMenu()).findByRole('menuitem', { name: 'Envoyer en urgence…' }))
  expect(sent()).toEqual([])
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Envoyer en urgence' }))
  expect(sent()).toMatchObject([{ message: 'Au feu', urgent: true }])
})

test('what waits is loaded, and what was refused when it was due says why and stays', async () => {
  await show({}, [aScheduled()])
  expect(await screen.findByText('Sera envoyé lundi 6 janvier 2031 à 8 h')).toBeVisible()
  expect(await screen.findByRole('button', { name: '1 message programmé' })).toBeVisible()
  MockSocket.last.receive({ type: 'scheduled_gone', id: 90, reason: 'refused', code: 'contact_not_allowed' })
  expect(screen.getByText('Non remis : Les règles de l’établissement ne le permettent pas.')).toBeVisible()
  expect(screen.getByRole('button', { name: '1 message programmé n’a pas été remis' })).toBeVisible()
})

test('its time and text can be changed, and it can be deleted', async () => {
  await show({}, [aScheduled()])
  mockFetch.on('PATCH', /\/scheduled\/90\/$/, ({ body }) => ({ body: { ...aScheduled(), ...(body as object) } }))
  mockFetch.on('DELETE', /\/scheduled\/90\/$/, { status: 204 })
  await userEvent.click(await screen.findByRole('button', { name: /^Modifier :/ }))
  const dialog = await screen.findByRole('dialog', { name: 'Modifier le message programmé' })
  const time = within(dialog).getByLabelText('Date et heure')
  expect(time).toHaveValue('2031-01-06T08:00')
  await userEvent.type(within(dialog).getByLabelText('Message'), ' matin')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Enregistrer' }))
  expect(await screen.findByText('À lundi matin')).toBeVisible()
  expect(mockFetch.requestsTo(/\/scheduled\/90\/$/)[0]?.body).toEqual({ content: 'À lundi matin' })
  await userEvent.click(screen.getByRole('button', { name: /^Supprimer :/ }))
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Supprimer' }))
  await waitFor(() => {
    expect(screen.queryByText('À lundi matin')).toBeNull()
  })
})

test('one that is sent now and delivered before the response arrives doesn’t come back with it', async () => {
  await show({}, [aScheduled()])
  mockFetch.on('PATCH', /\/scheduled\/90\/$/, ({ body }) => {
    MockSocket.last.receive({ type: 'new_message', message: aMessage(20, { sender_id: claire.id, client_id: 'c', content: 'À lundi' }) }, { type: 'scheduled_gone', id: 90, reason: 'delivered' })
    return { body: { ...aScheduled(), ...(body as object) } }
  })
  await userEvent.click(await screen.findByRole('button', { name: /^Envoyer maintenant :/ }))
  expect(await screen.findByText('À lundi', { selector: '.bubble-text' })).toBeVisible()
  await settled()
  expect(screen.queryByText(/^Sera envoyé/)).toBeNull()
})

test('one that is sent now and refused before the response arrives stays refused', async () => {
  await show({}, [aScheduled()])
  mockFetch.on('PATCH', /\/scheduled\/90\/$/, ({ body }) => {
    MockSocket.last.receive({ type: 'scheduled_gone', id: 90, reason: 'refused', code: 'contact_not_allowed' })
    return { body: { ...aScheduled(), ...(body as object) } }
  })
  await userEvent.click(await screen.findByRole('button', { name: /^Envoyer maintenant :/ }))
  expect(await screen.findByText(/^Non remis/)).toBeVisible()
  await settled()
  expect(screen.getByText(/^Non remis/)).toBeVisible()
})

test('what is scheduled elsewhere while all are loaded isn’t lost, nor are the others', async () => {
  const held = heldAnswer()
  const answers = [held.answer, { body: [aScheduled(), aScheduled({ id: 91, client_id: 'd', content: 'De mon téléphone' })] }]
  await show({}, () => answers.shift() ?? { status: 503 })
  MockSocket.last.receive({ type: 'message_scheduled', scheduled: aScheduled({ id: 91, client_id: 'd', content: 'De mon téléphone' }) })
  held.release({ body: [aScheduled()] })
  expect(await screen.findByText('À lundi')).toBeVisible()
  expect(screen.getByText('De mon téléphone')).toBeVisible()
})

test('an older server is offered nothing to be sent later', async () => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(10)] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await settled()
  expect(composer()).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Envoyer plus tard' })).toBeNull()
})
