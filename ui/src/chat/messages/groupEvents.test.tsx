import { act, screen, waitFor, within } from '@testing-library/react'
import type { ConversationEvent } from '../../protocol/events'
import { setLanguage } from '../../i18n/i18n'
import { eventText } from '../../i18n/message/eventText'
import { aMessage, claire, elodie, jerome } from '../../testing/factories'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'

const named = ({ id, first_name, last_name }: typeof claire) => ({ id, first_name, last_name })
const event = (id: number, fields: Partial<ConversationEvent>): ConversationEvent => ({
  id, kind: 'added', cause: '', actor: named(jerome), people: [named(elodie)], count: 1, title: '', timestamp: '2026-09-01T08:00:30.000Z', ...fields,
})
const lines = () => [...document.querySelectorAll('.event-text')].map((one) => one.textContent?.replace(/ \d\d:\d\d$/, ''))
const eventsPath = /\/conversations\/7\/events\/$/

test('what happened in a group is between its messages, and comes without a reload', async () => {
  mockFetch.on('GET', /\/events\/$/, { body: [] })
  await openGroup([aMessage(10), aMessage(20)])
  mockFetch.on('GET', eventsPath, { body: [event(15, {}), event(25, { kind: 'a later one' })] })
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  await waitFor(() => {
    expect(lines()).toEqual(['Jérôme Lefèvre a ajouté Élodie Garçon'])
  })
  const rows = within(screen.getByRole('region', { name: 'Messages de la conversation' })).getAllByRole('listitem').map((one) => one.textContent ?? '')
  const place = (text: string) => rows.findIndex((row) => row.includes(text))
  expect(place('Message 10')).toBeLessThan(place('a ajouté'))
  expect(place('a ajouté')).toBeLessThan(place('Message 20'))
})

test('older pages are fetched as far back as messages are loaded', async () => {
  const asked: string[] = []
  await openGroup([aMessage(10)])
  mockFetch.on('GET', eventsPath, ({ url }) => {
    asked.push(url.search)
    return url.searchParams.has('before') ? { body: [event(3, { kind: 'created', people: [], count: 0 })] } : { body: [event(15, {})], headers: { Link: '<?limit=200&before=15>; rel="next"' } }
  })
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  // The first message is loaded, so all is.
  await waitFor(() => {
    expect(lines()).toEqual(['Jérôme Lefèvre a créé le groupe', 'Jérôme Lefèvre a ajouté Élodie Garçon'])
  })
  expect(asked).toEqual(['?limit=200', '?limit=200&before=15'])
})

test('once there are several pages, nothing is shown twice after a change', async () => {
  const link = (before: number) => ({ Link: `<?limit=200&before=${before}>; rel="next"` })
  const created = event(3, { kind: 'created', people: [], count: 0 })
  const gathered = event(15, { people: [named(elodie), named(claire)], count: 2 })
  await openGroup([aMessage(10)])
  mockFetch.on('GET', eventsPath, ({ url }) => (url.searchParams.has('before') ? { body: [created] } : { body: [gathered], headers: link(15) }))
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  await waitFor(() => {
    expect(lines()).toEqual(['Jérôme Lefèvre a créé le groupe', 'Jérôme Lefèvre a ajouté Élodie Garçon et Claire Martin'])
  })
  // The newest page begins one row later.
  const renamed = event(25, { kind: 'renamed', people: [], count: 0, title: '6e B' })
  const [begun, rest] = [event(15, {}), event(16, { people: [named(claire)] })]
  mockFetch.on('GET', eventsPath, ({ url }) => (url.searchParams.has('before') ? { body: [created, begun] } : { body: [rest, renamed], headers: link(16) }))
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  await waitFor(() => {
    expect(lines()).toEqual(['Jérôme Lefèvre a créé le groupe', 'Jérôme Lefèvre a ajouté Élodie Garçon', 'Jérôme Lefèvre a ajouté Claire Martin', 'Jérôme Lefèvre a renommé le groupe : « 6e B »'])
  })
})

test('older ones stay while they are asked for again, also if that fails', async () => {
  const link = { Link: '<?limit=200&before=15>; rel="next"' }
  const created = event(3, { kind: 'created', people: [], count: 0 })
  await openGroup([aMessage(10)])
  mockFetch.on('GET', eventsPath, ({ url }) => (url.searchParams.has('before') ? { body: [created] } : { body: [event(15, {})], headers: link }))
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  await waitFor(() => {
    expect(lines()).toHaveLength(2)
  })
  const renamed = event(25, { kind: 'renamed', people: [], count: 0, title: '6e B' })
  const all = ['Jérôme Lefèvre a créé le groupe', 'Jérôme Lefèvre a ajouté Élodie Garçon', 'Jérôme Lefèvre a renommé le groupe : « 6e B »']
  const held = heldAnswer()
  mockFetch.on('GET', eventsPath, ({ url }) => (url.searchParams.has('before') ? held.answer : { body: [event(15, {}), renamed], headers: link }))
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  await waitFor(() => {
    expect(lines()).toEqual(all)
  })
  held.release({ status: 503, body: { status: 503, code: 'unavailable', message: '', data: {} } })
  await settled()
  expect(lines()).toEqual(all)
})

test('an older server, which has none, changes nothing', async () => {
  await openGroup([aMessage(10)])
  mockFetch.on('GET', eventsPath, { status: 404, body: { status: 404, code: 'not_found', message: '', data: {} } })
  MockSocket.last.receive({ type: 'conversation_events', conversation_id: 7 })
  await settled()
  expect(lines()).toEqual([])
  expect(screen.queryByRole('alert')).toBeNull()
})

const many = Array.from({ length: 5 }, (_, index) => ({ id: 10 + index, first_name: `P${index}`, last_name: '' }))

test.each<[Partial<ConversationEvent>, string]>([
  [{ kind: 'created' }, 'Jérôme Lefèvre a créé le groupe'],
  [{ kind: 'created', actor: named(claire) }, 'Vous avez créé le groupe'],
  [{ kind: 'renamed', title: '6e B' }, 'Jérôme Lefèvre a renommé le groupe : « 6e B »'],
  [{ kind: 'renamed', actor: null, title: '6e B' }, 'Une personne a renommé le groupe : « 6e B »'],
  [{ kind: 'renamed', title: '' }, 'Jérôme Lefèvre a retiré le nom du groupe'],
  [{ kind: 'added', actor: named(claire), people: many, count: 30 }, 'Vous avez ajouté P0, P1, P2 et 27 autres personnes'],
  [{ kind: 'added', actor: null, cause: 'administration' }, 'L’administration a ajouté Élodie Garçon'],
  [{ kind: 'removed' }, 'Jérôme Lefèvre a retiré Élodie Garçon'],
  [{ kind: 'left', actor: null }, 'Élodie Garçon a quitté le groupe'],
  [{ kind: 'left', actor: null, people: many, count: 4 }, 'P0, P1, P2 et P3 ont quitté le groupe'],
  [{ kind: 'joined', cause: 'class', actor: null, people: many, count: 5 }, 'P0, P1, P2 et 2 autres personnes ont rejoint le groupe avec la classe'],
  [{ kind: 'left', cause: 'class', actor: null }, 'Élodie Garçon n’est plus dans la classe et a quitté le groupe'],
])('%j reads: %s', (fields, text) => {
  expect(eventText('fr', event(1, fields), claire.id)).toBe(text)
})

test('in Arabic a French name keeps its order', async () => {
  await act(() => setLanguage('ar'))
  expect(eventText('ar', event(1, {}), claire.id)).toBe('إضافة \u2068Élodie Garçon\u2069 من قِبل \u2068Jérôme Lefèvre\u2069')
  expect(eventText('ar', event(1, { kind: 'later' }), claire.id)).toBeNull()
  await act(() => setLanguage('fr'))
})
