import { render, screen, within } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation, User } from '../../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const of5eB = { id: 31, name: '5e B' }
const nadia: User = {
  ...jerome,
  first_name: 'Nadia',
  last_name: 'Benali',
  email: 'nadia@exemple.fr',
  children: [
    { id: 40, first_name: 'Yasmine', last_name: 'Benali', relation: 'mother', classes: [of5eB] },
    { id: 41, first_name: 'Adam', last_name: 'Benali', relation: 'mother', classes: [{ id: 33, name: 'CM1' }] },
  ],
}
const who = 'Mère de Yasmine et Adam Benali (5e B, CM1)'
const karim: User = { id: 6, first_name: 'Karim', last_name: 'Haddad', email: '', role: 'teacher', classes: [{ ...of5eB, head: true }, { id: 34, name: '4e A' }] }
const direct = aConversation({ participants: [claire, nadia] })
const outing = aConversation({ conversation_id: 8, participants: [claire, nadia, karim], title: 'Sortie', last_message: null, updated_at: '2026-08-30T10:00:00.000Z' })
const council = aConversation({ conversation_id: 9, participants: [claire, karim, elodie], title: 'Conseil', last_message: null, updated_at: '2026-08-29T10:00:00.000Z' })

async function show(opened: RegExp, conversations: Conversation[] = [direct, outing, council]): Promise<UserEvent> {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: opened }))
  await settled()
  return user
}
const openDetails = async (user: UserEvent) => {
  await user.click(screen.getByRole('button', { name: 'Détails de la conversation' }))
  return within(await screen.findByRole('dialog', { name: 'Détails de la conversation' }))
}

test('who somebody is stands in the list and above the conversation', async () => {
  await show(/^Nadia Benali/)
  expect(screen.getByRole('button', { name: /^Nadia Benali/ })).toHaveTextContent(who)
  expect(within(screen.getByRole('region', { name: 'Conversation avec Nadia Benali' })).getByText(who)).toBeVisible()
})

test('what is shortened is in the title', async () => {
  const classes = ['6e A', '6e B', '5e A', '5e B', '4e A'].map((name, id) => ({ id: 50 + id, name }))
  await show(/^Karim Haddad/, [aConversation({ participants: [claire, { ...karim, classes }] })])
  const line = within(screen.getByRole('button', { name: /^Karim Haddad/ }))
  expect(line.getByText('Enseigne en 6e A, 6e B, 5e A et 2 autres classes')).toHaveAttribute('title', 'Enseigne en 6e\u00a0A, 6e\u00a0B, 5e\u00a0A, 5e\u00a0B et 4e\u00a0A')
})

test('the details of a direct conversation say who the other person is, and what is shared', async () => {
  const user = await show(/^Nadia Benali/)
  const details = await openDetails(user)
  expect(details.getByText(who)).toBeVisible()
  expect(details.getAllByRole('definition').map((fact) => fact.textContent)).toEqual([
    'Parent', 'Yasmine BenaliÉlève de 5e\u00a0B', 'Adam BenaliÉlève de CM1', 'nadia@exemple.fr',
  ])
  const groups = within(details.getByRole('list', { name: 'Groupes en commun' }))
  expect(groups.getAllByRole('button').map((group) => group.textContent)).toEqual(['Sortie'])
  await user.click(groups.getByRole('button', { name: 'Sortie' }))
  await settled()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.getByRole('region', { name: 'Conversation avec Sortie' })).toBeVisible()
})

test('a member of a group can be looked at, and written to', async () => {
  const user = await show(/^Conseil/)
  const details = await openDetails(user)
  const member = details.getByRole('button', { name: /^Karim Haddad/ })
  expect(member).toHaveTextContent('Prof. principal(e) de 5e B · Enseigne en 4e A')
  await user.click(member)
  const panel = within(await screen.findByRole('dialog', { name: 'Karim Haddad' }))
  expect(panel.getAllByRole('definition').map((fact) => fact.textContent)).toEqual(['Équipe enseignante', '5e B (prof. principal(e))', '4e A'])
  expect(within(panel.getByRole('list', { name: 'Groupes en commun' })).getAllByRole('button').map((group) => group.textContent)).toEqual(['Sortie', 'Conseil'])
  await user.click(panel.getByRole('button', { name: 'Écrire un message' }))
  await settled()
  expect(screen.getByRole('region', { name: 'Conversation avec Karim Haddad' })).toBeVisible()
})

test('oneself can’t be written to', async () => {
  const user = await show(/^Conseil/)
  const details = await openDetails(user)
  await user.click(details.getByRole('button', { name: /^Claire Martin/ }))
  const panel = within(await screen.findByRole('dialog', { name: 'Claire Martin' }))
  expect(panel.queryByRole('button', { name: 'Écrire un message' })).toBeNull()
  expect(panel.queryByRole('list', { name: 'Groupes en commun' })).toBeNull()
})

test('the details of a group of a class say that it follows the class', async () => {
  const user = await show(/^Parents de 5e B/, [aConversation({ participants: [claire, nadia, karim], title: 'Parents de 5e B', class_id: 31, audience: ['parent'] })])
  expect((await openDetails(user)).getByText(/Le groupe suit la classe/)).toBeVisible()
})

test('two people of the same name are told apart in a group', async () => {
  const adams = [4, 5].map((id): User => ({ id, first_name: 'Adam', last_name: 'Benali', email: '', role: 'student', classes: [{ id: 30 + id, name: `5e ${id}` }] }))
  const group = aConversation({ conversation_id: 8, participants: [claire, ...adams], title: 'Adam', last_message: null })
  mockFetch.on('GET', /\/messages\/8\/$/, { body: [] })
  const user = await show(/^Adam/, [group])
  MockSocket.last.receive({ type: 'new_message', message: aMessage(20, { conversation_id: 8, sender_id: 5 }) })
  expect(screen.getByText('Adam Benali (Élève de 5e 5)', { selector: '.bubble-name' })).toBeVisible()
  const details = await openDetails(user)
  expect(details.getByRole('button', { name: 'Retirer Adam Benali (Élève de 5e\u00a04) du groupe' })).toBeVisible()
})

test('somebody found by a search is shown with who it is; if nobody is found, the directory is offered', async () => {
  const user = await show(/^Nadia Benali/)
  mockFetch.on('GET', /\/search\/123\/$/, ({ url }) => ({ body: url.searchParams.get('q') === 'kari' ? [karim] : [] }))
  mockFetch.on('GET', /\/classes\/123\/$/, { body: [] })
  const field = screen.getByRole('searchbox', { name: 'Rechercher' })
  await user.type(field, 'kari')
  const found = within(await screen.findByRole('region', { name: 'Contacts' }))
  expect(await found.findByRole('button', { name: /Karim Haddad/ })).toHaveTextContent('Prof. principal(e) de 5e B · Enseigne en 4e A')
  await user.clear(field)
  await user.type(field, 'zz')
  await user.click(await screen.findByRole('button', { name: 'Parcourir l’annuaire' }))
  expect(await screen.findByRole('region', { name: 'Annuaire' })).toBeVisible()
})
