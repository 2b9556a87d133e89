import { act, render, screen, within } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Conversation, Message, User } from '../../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { heldAnswer, mockFetch, type MockAnswer } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const parents: User[] = Array.from({ length: 57 }, (_, index) => ({
  id: 100 + index, first_name: 'Parent', last_name: `Numéro${String(index).padStart(2, '0')}`, email: '', role: 'parent',
}))
const people = [claire, jerome, elodie, ...parents]
const last = { id: 156, name: 'Parent Numéro56' }
const receiptsOf = (users: User[], last_read = 0) => users.map(({ id }) => ({ user_id: id, last_read, last_delivered: last_read }))
const whole = (fields: Partial<Conversation> = {}) => aConversation({ participants: people, title: 'Sortie', ...fields })
const listed = (fields: Partial<Conversation> = {}) => {
  const named = people.slice(0, 50)
  return whole({ ...fields, participants: named, participant_count: 60, receipts: receiptsOf(named) })
}
const onePath = /\/conversations\/1\/7\/$/
const part = (from: number, to: number, next: string | null): MockAnswer => ({
  body: whole({ participants: people.slice(from, to), participant_count: 60, receipts: receiptsOf(people.slice(from, to), 10) }),
  ...(next ? { headers: { Link: `</api/messagerie/conversations/1/7/?limit=200&cursor=${next}>; rel="next"` } } : {}),
})

function answerWithParts() {
  mockFetch.on('GET', onePath, ({ url }) => (url.searchParams.get('cursor') === 'c2' ? part(40, 60, null) : part(0, 40, 'c2')))
}

/** Opens the group. */
async function show(conversation: Conversation, messages: Message[]) {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [conversation] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: messages })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  list(conversation)
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: /^Sortie/ }))
  await settled()
  return user
}

const list = (conversation: Conversation) => {
  MockSocket.last.receive({ type: 'conversations_list', conversations: [conversation], complete: true })
}
const asked = () => mockFetch.requestsTo(onePath).map(({ url }) => url.search)
const openDetails = async (user: UserEvent) => {
  await user.click(screen.getByRole('button', { name: 'Détails de la conversation' }))
  await screen.findByRole('dialog', { name: 'Détails de la conversation' })
}
const details = () => within(screen.getByRole('dialog', { name: 'Détails de la conversation' }))
const names = () => within(details().getByRole('list', { name: 'Participants' })).getAllByRole('listitem')

afterEach(() => {
  jest.useRealTimers()
})

test('if all authors are named, the other people aren’t fetched', async () => {
  answerWithParts()
  await show(listed(), [aMessage(10), aMessage(11, { sender_id: elodie.id })])
  expect(screen.getAllByText(/^60 personnes/)).toHaveLength(2) // in the list and above the messages
  expect(asked()).toEqual([])
})

test('the number of readers of one’s message in a large group is shown once all people are loaded', async () => {
  const second = heldAnswer()
  mockFetch.on('GET', onePath, ({ url }) => (url.searchParams.has('cursor') ? second.answer : part(0, 40, 'c2')))
  await show(listed(), [aMessage(10, { sender_id: claire.id })])
  expect(screen.queryByText(/Lu par/)).toBeNull()
  expect(screen.getByText('Envoyé')).toBeInTheDocument()
  second.release(part(40, 60, null))
  expect(await screen.findByText('Lu par 59 sur 59')).toBeInTheDocument()
  expect(asked()).toEqual(['?limit=200', '?limit=200&cursor=c2'])
  // After another list other people may be in it. The known ones stay visible until they are loaded.
  jest.useFakeTimers()
  list(listed())
  expect(screen.getByText('Lu par 59 sur 59')).toBeInTheDocument()
  await act(() => jest.advanceTimersByTimeAsync(5_000))
  expect(asked()).toHaveLength(4)
})

test('several lists in a row, as during an import, are followed by one request for the people', async () => {
  answerWithParts()
  await show(listed(), [aMessage(10, { sender_id: claire.id })])
  expect(await screen.findByText('Lu par 59 sur 59')).toBeInTheDocument()
  expect(asked()).toHaveLength(2)
  jest.useFakeTimers()
  for (let count = 0; count < 8; count++) {
    list(listed())
    await act(() => jest.advanceTimersByTimeAsync(500))
  }
  expect(asked()).toHaveLength(2)
  await act(() => jest.advanceTimersByTimeAsync(1_000))
  expect(asked()).toHaveLength(4)
  // Lists that came before that request need no other one.
  await act(() => jest.advanceTimersByTimeAsync(20_000))
  expect(asked()).toHaveLength(4)
})

test('a list that arrives while the people are being fetched is followed by another request', async () => {
  answerWithParts()
  await show(listed(), [aMessage(10, { sender_id: claire.id })])
  expect(await screen.findByText('Lu par 59 sur 59')).toBeInTheDocument()
  jest.useFakeTimers()
  const held = heldAnswer()
  mockFetch.on('GET', onePath, ({ url }) => (url.searchParams.has('cursor') ? part(40, 60, null) : held.answer))
  list(listed())
  await act(() => jest.advanceTimersByTimeAsync(5_000))
  expect(asked()).toHaveLength(3)
  list(listed())
  await act(() => jest.advanceTimersByTimeAsync(10_000))
  expect(asked()).toHaveLength(3)
  held.release(part(0, 40, 'c2'))
  await settled()
  expect(asked()).toHaveLength(4)
  await act(() => jest.advanceTimersByTimeAsync(5_000))
  expect(asked()).toHaveLength(6)
})

test('an author whom the list doesn’t name is fetched', async () => {
  const first = heldAnswer()
  mockFetch.on('GET', onePath, ({ url }) => (url.searchParams.has('cursor') ? part(40, 60, null) : first.answer))
  await show(listed(), [aMessage(10, { sender_id: last.id })])
  expect(screen.getByText('Un membre du groupe')).toBeInTheDocument()
  first.release(part(0, 40, 'c2'))
  expect(await screen.findByText(last.name, { selector: '.bubble-name' })).toBeInTheDocument()
})

test('an author who is no longer in the group isn’t shown as a deleted account', async () => {
  await show(aConversation({ participants: [claire, jerome, elodie], title: 'Sortie' }), [aMessage(10, { sender_id: 77 }), aMessage(11, { sender_id: 0 })])
  expect(screen.getByText('Ancien membre du groupe')).toBeInTheDocument()
  expect(screen.getByText('Compte supprimé')).toBeInTheDocument()
})

test('somebody who isn’t named is typing', async () => {
  answerWithParts()
  await show(listed(), [aMessage(10)])
  MockSocket.last.receive({ type: 'typing_start', conversation_id: 7, user_id: last.id })
  expect(screen.getAllByText('Quelqu’un écrit…')).not.toHaveLength(0)
  expect(await screen.findAllByText('Parent écrit…')).not.toHaveLength(0)
})

test('the details of a large group load its people and search in them', async () => {
  const first = heldAnswer()
  mockFetch.on('GET', onePath, ({ url }) => (url.searchParams.has('cursor') ? part(40, 60, null) : first.answer))
  const user = await show(listed(), [aMessage(10)])
  await openDetails(user)
  const panel = details()
  expect(panel.getByRole('heading', { name: 'Participants · 60' })).toBeInTheDocument()
  expect(panel.getByText('Chargement des participants…')).toBeInTheDocument()
  expect(names()).toHaveLength(50)
  first.release(part(0, 40, 'c2'))
  await settled()
  expect(names()).toHaveLength(60)
  expect(panel.queryByText('Chargement des participants…')).toBeNull()
  await user.type(panel.getByRole('searchbox', { name: 'Rechercher un participant' }), 'numero5')
  expect(names().map((item) => item.textContent)).toEqual(Array.from({ length: 7 }, (_, index) => expect.stringContaining(`Numéro5${index}`) as string))
  expect(panel.getByRole('status', { name: '' })).toHaveTextContent('7 résultats')
})

test('people who couldn’t be loaded can be requested again', async () => {
  mockFetch.on('GET', onePath, { status: 500, body: {} })
  const user = await show(listed(), [aMessage(10)])
  await openDetails(user)
  expect(await details().findByRole('alert')).toHaveTextContent('Les participants n’ont pas tous pu être chargés.')
  answerWithParts()
  await user.click(details().getByRole('button', { name: 'Réessayer' }))
  await settled()
  expect(names()).toHaveLength(60)
  expect(details().queryByRole('alert')).toBeNull()
})

describe('the actions on a group', () => {
  const small = [claire, jerome, elodie]
  const open = async (fields: Partial<Conversation>) => {
    const user = await show(aConversation({ participants: small, title: 'Sortie', ...fields }), [aMessage(10)])
    await openDetails(user)
    return user
  }
  // Each member is a button as well, which opens who it is.
  const buttons = () => details().getAllByRole('button').filter((button) => !button.matches('.member-person')).map((button) => button.getAttribute('aria-label') ?? button.textContent)

  test('aren’t offered if they would be refused, and the reason is shown', async () => {
    await open({ managed_by: jerome.id, can: { rename: false, add: false, remove: false, leave: true } })
    expect(buttons()).toEqual(['Fermer', 'Exporter la conversation', 'Quitter le groupe'])
    expect(details().getByText(/Groupe géré par Jérôme Lefèvre et par le personnel/)).toHaveTextContent('Eux seuls peuvent le renommer')
  })

  test('are all offered to the person who manages it', async () => {
    await open({ managed_by: claire.id })
    expect(buttons()).toEqual(['Fermer', 'Renommer le groupe', 'Ajouter des personnes', 'Retirer Élodie Garçon du groupe', 'Retirer Jérôme Lefèvre du groupe', 'Exporter la conversation', 'Quitter le groupe'])
    expect(details().getByText(/Vous gérez ce groupe/)).toBeInTheDocument()
    expect(names().map((item) => /Gère le groupe/.test(item.textContent ?? ''))).toEqual([false, false, true])
  })

  test.each<[Partial<Conversation>, RegExp]>([
    [{ managed_by: jerome.id }, /Groupe géré par Jérôme Lefèvre .* dont vous/],
    [{ managed_by: 0 }, /Groupe géré par le personnel .* dont vous/],
    [{ managed_by: 0, can: { rename: false, add: false, remove: false, leave: true } }, /Plus personne ne gère ce groupe/],
  ])('who manages it is said where %j', async (fields, text) => {
    await open(fields)
    expect(details().getByText(text)).toBeInTheDocument()
  })

  test('disappear at once if they are no longer allowed', async () => {
    await open({ managed_by: claire.id })
    list(aConversation({ participants: small, title: 'Sortie', managed_by: jerome.id, can: { rename: false, add: false, remove: false, leave: true } }))
    expect(buttons()).toEqual(['Fermer', 'Exporter la conversation', 'Quitter le groupe'])
  })

  test('people who have left are named if they can’t be added again', async () => {
    const lea: User = { id: 9, first_name: 'Léa', last_name: 'Petit', email: '', role: 'student' }
    mockFetch.on('GET', /\/search\/123\/$/, { body: [lea] })
    mockFetch.on('POST', /\/conversations\/7\/participants\/$/, {
      status: 403, body: { status: 403, code: 'has_left', message: 'They have left.', data: { participants: [lea.id] } },
    })
    const user = await open({ managed_by: claire.id })
    await user.click(details().getByRole('button', { name: 'Ajouter des personnes' }))
    await user.type(details().getByRole('combobox', { name: 'Ajouter des personnes' }), 'lea')
    await user.click(await screen.findByRole('option', { name: /Léa Petit/ }))
    await user.click(details().getByRole('button', { name: 'Ajouter' }))
    expect(await details().findByRole('alert')).toHaveTextContent('Léa Petit a quitté ce groupe. Seul un membre du personnel qui en fait partie peut l’y ajouter de nouveau.')
  })
})
