import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { configureConnection } from '../../actions/connection'
import type { Place } from '../../lib/place'
import type { FoundMessage } from '../../protocol/found'
import type { Message } from '../../protocol/resources'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { heldAnswer, type MockAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const findPath = /\/api\/messagerie\/find\/$/
const messagesPath = /\/messages\/7\/$/
const history = Array.from({ length: 300 }, (_, index) => aMessage(index + 1, { timestamp: '2026-09-01T08:00:00.000Z' }))
const withJerome = aConversation({ last_message: history.at(-1) ?? null })
const trip = aConversation({ conversation_id: 8, participants: [claire, jerome, elodie], title: 'Sortie au musée', last_message: aMessage(900, { conversation_id: 8 }) })

/** A message found by one word, with words around it. */
const found = (message: Message, word = 'musée'): FoundMessage =>
  ({ message, conversation_id: message.conversation_id, snippet: [{ text: 'La visite du ', match: false }, { text: word, match: true }, { text: ' est jeudi', match: false }] })
const inTrip = found(aMessage(850, { conversation_id: 8, sender_id: elodie.id, timestamp: '2026-03-02T09:00:00.000Z' }))
const old = found(aMessage(20, { content: 'Ancien' }))

beforeEach(() => {
  Element.prototype.animate = jest.fn<Animation, []>()
  jest.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue({ height: 52 } as DOMRect)
  jest.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(2656)
  jest.spyOn(Element.prototype, 'scrollTo').mockImplementation(function (this: Element, to) {
    const top = Math.min((to as unknown as ScrollToOptions).top ?? 0, 1856)
    if (top === this.scrollTop) return
    this.scrollTop = top
    queueMicrotask(() => {
      fireEvent.scroll(this)
    })
  })
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [withJerome, trip] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
  mockFetch.on('GET', /\/messages\/8\/$/, { body: [] })
  mockFetch.on('GET', messagesPath, ({ url }) => {
    const [before, after] = ['before', 'after'].map((name) => url.searchParams.get(name))
    const headers = { Link: '</x?cursor=1>; rel="next"' }
    if (after !== null && after !== undefined) return { body: history.filter(({ id }) => id > Number(after)).slice(0, 50), headers }
    return { body: history.filter(({ id }) => id < Number(before ?? Infinity)).slice(-50), headers }
  })
  mockFetch.on('GET', findPath, { body: [inTrip, old] })
})

const chosen: (Place | null)[] = []

function Chat({ start }: { start: Place | null }) {
  const [selected, select] = useState(start)
  return (
    <InstantChat
      userProfileId={claire.id}
      establishmentId={123}
      selected={selected}
      onSelectPlace={(place) => {
        chosen.push(place)
        select(place)
      }}
    />
  )
}

async function show(start: Place | null = null): Promise<UserEvent> {
  chosen.length = 0
  render(<Chat start={start} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [withJerome, trip], complete: true })
  await settled()
  return userEvent.setup()
}

const field = () => screen.getByRole('searchbox', { name: 'Rechercher' })
const results = () => screen.findByRole('region', { name: 'Messages' })
const said = () => screen.findByRole('status', { name: 'Messages trouvés' })
const asked = () => mockFetch.requestsTo(findPath).map(({ url }) => url.searchParams)
const row = (id: number) => document.querySelector(`[data-message="${id}"]`)

test('a message is found with its conversation, author and day, and the searched words are marked', async () => {
  const user = await show()
  await user.type(field(), 'musée')
  const result = await within(await results()).findByRole('button', { name: /^Sortie au musée/ })
  expect(result).toHaveTextContent(/Sortie au musée.*02\/03\/26.*Élodie Garçon.*La visite du musée est jeudi$/)
  expect(Array.from(result.querySelectorAll('mark'), (mark) => mark.textContent)).toEqual(['musée'])
  expect(result.querySelector('.found-text')).toHaveAttribute('dir', 'auto')
  expect(await said()).toHaveTextContent('2 résultats')
  expect(within(await results()).getByRole('button', { name: /^Jérôme/ }).textContent.match(/Jérôme/g)).toHaveLength(1)
})

test('it is searched once typing pauses, and not for a single letter', async () => {
  const user = await show()
  await user.type(field(), 'm')
  expect(await said()).toHaveTextContent('Saisissez au moins deux lettres.')
  await user.type(field(), 'usée')
  await within(await results()).findAllByRole('button', { name: /La visite/ })
  expect(asked().map((query) => query.get('q'))).toEqual(['musée'])
})

test('the results of the newest query are shown, whenever an older response arrives', async () => {
  const answers: Record<string, { answer: Promise<MockAnswer>; release: (answer: MockAnswer) => void }> = { mu: heldAnswer(), musée: heldAnswer() }
  mockFetch.on('GET', findPath, ({ url }) => answers[url.searchParams.get('q') ?? '']?.answer ?? {})
  const user = await show()
  await user.type(field(), 'mu')
  await waitFor(() => { expect(asked()).toHaveLength(1) })
  await user.type(field(), 'sée')
  await waitFor(() => { expect(asked()).toHaveLength(2) })
  answers.musée?.release({ body: [inTrip] })
  await within(await results()).findByRole('button', { name: /Sortie/ })
  answers.mu?.release({ body: [old] })
  await settled()
  expect(within(await results()).getAllByRole('button', { name: /La visite/ })).toHaveLength(1)
  expect(within(await results()).getByRole('button', { name: /Sortie/ })).toBeVisible()
})

test('there are more results a page further', async () => {
  mockFetch.on('GET', findPath, ({ url }) =>
    url.searchParams.get('cursor') ? { body: [old] } : { body: [inTrip], headers: { Link: '</api/messagerie/find/?q=mus%C3%A9e&cursor=c2>; rel="next"' } },
  )
  const user = await show()
  await user.type(field(), 'musée')
  await user.click(await screen.findByRole('button', { name: 'Afficher plus de messages' }))
  await waitFor(async () => { expect(within(await results()).getAllByRole('button', { name: /La visite/ })).toHaveLength(2) })
  expect(asked().at(-1)?.get('cursor')).toBe('c2')
  expect(asked().at(-1)?.get('q')).toBe('musée')
  expect(screen.queryByRole('button', { name: 'Afficher plus de messages' })).toBeNull()
})

test('empty pages before the last one aren’t the end', async () => {
  mockFetch.on('GET', findPath, ({ url }) =>
    url.searchParams.get('cursor') === 'c3' ? { body: [old] } : { body: [], headers: { Link: `</x?cursor=${url.searchParams.get('cursor') === 'c2' ? 'c3' : 'c2'}>; rel="next"` } },
  )
  const user = await show()
  await user.type(field(), 'musée')
  expect(await within(await results()).findByRole('button', { name: /La visite/ })).toBeVisible()
  expect(asked().map((query) => query.get('cursor'))).toEqual([null, 'c2', 'c3'])
})

test('links in one conversation are found without a word', async () => {
  const user = await show({ conversation: 8 })
  await user.click(screen.getByRole('button', { name: 'Rechercher dans la conversation' }))
  await user.click(await screen.findByRole('button', { name: 'Avec un lien' }))
  expect(await within(await results()).findByRole('button', { name: /Sortie.*La visite/ })).toBeVisible()
  expect(Object.fromEntries(asked().at(-1) ?? [])).toEqual({ q: '', conversation_id: '8', has: 'link', limit: '20' })
})

test('it says if nothing is found', async () => {
  mockFetch.on('GET', findPath, { body: [] })
  const user = await show()
  await user.type(field(), 'zzz')
  await waitFor(async () => { expect(await said()).toHaveTextContent('Aucun message pour « zzz »') })
})

test.each([
  ['a refusal', { status: 429, body: { status: 429, code: 'too_many_requests', message: '', data: {} } }, 'Trop de demandes.'],
  ['no connection', null, 'Pas de connexion au serveur.'],
])('after %s it can be tried again', async (_, refusal, text) => {
  mockFetch.on('GET', findPath, () => {
    if (refusal) return refusal
    throw new TypeError('no network')
  })
  const user = await show()
  await user.type(field(), 'musée')
  await waitFor(async () => { expect(await said()).toHaveTextContent(text) })
  mockFetch.on('GET', findPath, { body: [inTrip] })
  await user.click(within(await results()).getByRole('button', { name: 'Réessayer' }))
  expect(await within(await results()).findByRole('button', { name: /Sortie/ })).toBeVisible()
})

test('the arrow keys go from the field to the results, and Enter opens one', async () => {
  const user = await show()
  await user.type(field(), 'ancien')
  const [, second] = await within(await results()).findAllByRole('button', { name: /La visite/ })
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(second).toHaveFocus()
  await user.keyboard('{Enter}')
  expect(chosen).toEqual([{ conversation: 7, message: 20 }])
})

async function choose(user: UserEvent, name: RegExp) {
  await user.click(await within(await results()).findByRole('button', { name }))
  await settled()
}

test('a press opens the conversation at the message, and the results stay', async () => {
  const user = await show()
  await user.type(field(), 'ancien')
  await choose(user, /^Jérôme/)
  expect(mockFetch.requestsTo(messagesPath).map(({ url }) => url.search)).toEqual(['?before=21&limit=50', '?after=20&limit=50'])
  await waitFor(() => { expect(row(20)).toHaveFocus() })
  expect(Element.prototype.animate).toHaveBeenCalled()
  expect(field()).toHaveValue('ancien')
  expect(within(await results()).getByRole('button', { current: true })).toHaveTextContent('Jérôme')
})

test('in an open conversation the messages around it are loaded', async () => {
  const user = await show({ conversation: 7 })
  expect(row(20)).toBeNull()
  await user.type(field(), 'ancien')
  await choose(user, /Jérôme/)
  await waitFor(() => { expect(row(20)).toHaveFocus() })
  expect(screen.getByRole('button', { name: 'Aller aux derniers messages' })).toBeVisible()
})

test('the same message can be shown again', async () => {
  const user = await show({ conversation: 7, message: 20 })
  await waitFor(() => { expect(row(20)).toHaveFocus() })
  await user.type(field(), 'ancien')
  await choose(user, /Jérôme/)
  await waitFor(() => { expect(row(20)).toHaveFocus() })
})

test('of two results pressed one after the other the second is shown, whichever arrives first', async () => {
  const slow = heldAnswer()
  mockFetch.on('GET', findPath, { body: [old, found(aMessage(120))] })
  const user = await show({ conversation: 7 })
  await user.type(field(), 'ancien')
  const [first, second] = await within(await results()).findAllByRole('button', { name: /La visite/ })
  mockFetch.on('GET', messagesPath, async ({ url }) => {
    if (url.searchParams.get('before') === '21') return slow.answer
    const [before, after] = [Number(url.searchParams.get('before') ?? Infinity), Number(url.searchParams.get('after') ?? 0)]
    return { body: history.filter(({ id }) => id > after && id < before).slice(after ? 0 : -50, after ? 50 : undefined) }
  })
  await user.click(first as HTMLElement)
  await user.click(second as HTMLElement)
  await waitFor(() => { expect(row(120)).toHaveFocus() })
  slow.release({ body: history.slice(0, 20) })
  await settled()
  expect(row(120)).toBeInTheDocument()
  expect(row(20)).toBeNull()
})

test('a message that no longer exists is said to be missing', async () => {
  mockFetch.on('GET', findPath, { body: [found(aMessage(5000))] })
  const user = await show({ conversation: 7 })
  await user.type(field(), 'ancien')
  await choose(user, /Jérôme/)
  expect(await screen.findByRole('alert')).toHaveTextContent('Ce message est introuvable.')
})

test('going back moves the focus to the result', async () => {
  const user = await show()
  await user.type(field(), 'ancien')
  await choose(user, /Jérôme/)
  await user.click(screen.getByRole('button', { name: 'Retour aux conversations' }))
  await settled()
  expect(within(await results()).getByRole('button', { name: /Jérôme/ })).toHaveFocus()
})

test('an unread line doesn’t keep a conversation from opening at the message', async () => {
  const receipts = [{ user_id: claire.id, last_read: 30, last_delivered: 300 }]
  const user = await show()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [{ ...withJerome, unread_count: 270, receipts }, trip], complete: true })
  await user.type(field(), 'ancien')
  await choose(user, /Jérôme/)
  await waitFor(() => { expect(row(20)).toHaveFocus() })
})

test('one conversation is searched from its header, and its chip returns to all', async () => {
  const user = await show({ conversation: 8 })
  await user.click(screen.getByRole('button', { name: 'Rechercher dans la conversation' }))
  expect(field()).toHaveFocus()
  expect(await said()).toHaveTextContent('Saisissez au moins deux lettres.')
  await user.keyboard('musée')
  await within(await results()).findAllByRole('button', { name: /La visite/ })
  expect(asked().at(-1)?.get('conversation_id')).toBe('8')
  expect(within(screen.getByRole('list', { name: 'Conversations' })).queryAllByRole('button')).toEqual([])

  await user.click(screen.getByRole('button', { name: 'Sortie au musée : rechercher dans toutes les conversations' }))
  await waitFor(() => { expect(asked().at(-1)?.has('conversation_id')).toBe(false) })
  expect(within(screen.getByRole('list', { name: 'Conversations' })).getByRole('button', { name: /Sortie/ })).toBeVisible()
})

test('Escape clears the query, then leaves the one conversation', async () => {
  const user = await show({ conversation: 8 })
  await user.click(screen.getByRole('button', { name: 'Rechercher dans la conversation' }))
  await user.keyboard('musée{Escape}')
  expect(field()).toHaveValue('')
  expect(screen.getByRole('button', { name: /^Sortie au musée : rechercher/ })).toBeVisible()
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('region', { name: 'Messages' })).toBeNull()
})

test('results are filtered by author, time and link', async () => {
  const user = await show({ conversation: 8 })
  await user.type(field(), 'musée')
  await within(await results()).findAllByRole('button', { name: /La visite/ })
  await user.click(screen.getByRole('button', { name: 'Dans cette conversation' }))
  await user.selectOptions(screen.getByRole('combobox', { name: 'Expéditeur' }), 'Élodie Garçon')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Période' }), '7 derniers jours')
  await user.click(screen.getByRole('button', { name: 'Avec un lien' }))
  await waitFor(() => {
    const query = asked().at(-1)
    expect([query?.get('conversation_id'), query?.get('sender_id'), query?.get('has')]).toEqual(['8', '3', 'link'])
    expect(Math.floor((Date.now() - new Date(query?.get('from') ?? '').getTime()) / 86_400_000)).toBe(7)
  })
})
