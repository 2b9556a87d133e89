import { act as update, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { aMessage } from '../../testing/factories'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { act, menuOf, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'

const messages = [aMessage(41, { content: 'Rendez-vous à 8 h.' }), aMessage(42, { content: 'Prévoir un pique-nique.' }), aMessage(43, { content: 'Merci !' })]
const told = (pinned_messages: number[]) => { MockSocket.last.receive({ type: 'message_pins', conversation_id: 7, pinned_messages }) }
const bar = () => screen.queryByRole('region', { name: 'Messages épinglés' })
const requests = () => mockFetch.requestsTo(/\/pins\//).map(({ method, url }) => `${method} ${url.pathname}`)

beforeEach(() => {
  Element.prototype.animate = jest.fn<Animation, []>()
  mockFetch.on('PUT', /\/pins\//, { status: 204 })
  mockFetch.on('DELETE', /\/pins\//, { status: 204 })
})

test('the message that was pinned last is above the others, which can be walked through; a press leads to it', async () => {
  await openGroup(messages, { pinned_messages: [42, 41] })
  expect(await screen.findByRole('region', { name: 'Messages épinglés' })).toHaveTextContent('Message épinglé 2 sur 2Jérôme Lefèvre : Rendez-vous à 8 h.')
  await userEvent.click(screen.getByRole('button', { name: 'Message épinglé précédent' }))
  expect(bar()).toHaveTextContent('Message épinglé 1 sur 2Jérôme Lefèvre : Prévoir un pique-nique.')
  await userEvent.click(screen.getByTitle('Aller au message épinglé'))
  await settled()
  expect(window.location.search).toBe('?m=42')
  await userEvent.click(screen.getByRole('button', { name: 'Message épinglé précédent' }))
  expect(bar()).toHaveTextContent('Message épinglé 2 sur 2')
})

test('one that isn’t loaded is fetched alone; one that is gone is said to be', async () => {
  await openGroup(messages)
  mockFetch.on('GET', /\/messages\/7\/$/, ({ url }) => ({ body: url.searchParams.get('after') === '9' ? [aMessage(10, { content: 'Le règlement' })] : [aMessage(41)] }))
  update(() => { told([10]) })
  expect(await screen.findByText('Le règlement')).toBeVisible()
  expect(mockFetch.requestsTo(/\/messages\/7\/$/).at(-1)?.url.search).toBe('?after=9&limit=1')
  update(() => { told([10, 12]) })
  await waitFor(() => {
    expect(bar()).toHaveTextContent('Ce message n’est plus disponible.')
  })
})

test('a message is pinned at once, and stays so before its frame arrives', async () => {
  await openGroup(messages)
  const stored = heldAnswer()
  mockFetch.on('PUT', /\/pins\//, () => stored.answer)
  await act('Rendez-vous à 8 h.', 'Épingler')
  await waitFor(() => {
    expect(bar()).toHaveTextContent('Rendez-vous à 8 h.')
  })
  stored.release({ status: 204 })
  await settled()
  expect(requests()).toEqual(['PUT /api/messagerie/conversations/7/pins/41/'])
  expect(bar()).toHaveTextContent('Message épinglé')
  await userEvent.click(screen.getByRole('button', { name: 'Détacher' }))
  await settled()
  expect(requests()).toEqual(['PUT /api/messagerie/conversations/7/pins/41/', 'DELETE /api/messagerie/conversations/7/pins/41/'])
  expect(bar()).toBeNull()
})

test('a refusal undoes it, and is said', async () => {
  await openGroup(messages)
  mockFetch.on('PUT', /\/pins\//, { status: 403, body: { status: 403, code: 'paused', message: '', data: {} } })
  await act('Rendez-vous à 8 h.', 'Épingler')
  expect(await screen.findByRole('alert')).toHaveTextContent('Messages épinglés non modifiés : L’envoi de messages est suspendu.')
  expect(bar()).toBeNull()
})

test('a late response doesn’t bring back what another person has unpinned meanwhile', async () => {
  await openGroup(messages)
  const stored = heldAnswer()
  mockFetch.on('PUT', /\/pins\//, () => stored.answer)
  await act('Rendez-vous à 8 h.', 'Épingler')
  update(() => { told([41]) })
  update(() => { told([]) })
  stored.release({ status: 204 })
  await settled()
  expect(bar()).toBeNull()
})

test('the menu of a pinned message unpins it', async () => {
  await openGroup(messages, { pinned_messages: [41] })
  await act('Rendez-vous à 8 h.', 'Détacher')
  expect(requests()).toEqual(['DELETE /api/messagerie/conversations/7/pins/41/'])
})

test('where one may not, nothing is pinned or unpinned', async () => {
  await openGroup(messages, { pinned_messages: [41], can: { rename: false, add: false, remove: false, leave: true, pin: false } })
  await screen.findByRole('region', { name: 'Messages épinglés' })
  expect(screen.queryByRole('button', { name: 'Détacher' })).toBeNull()
  const menu = await menuOf('Prévoir un pique-nique.')
  expect(within(menu).queryByRole('menuitem', { name: 'Épingler' })).toBeNull()
})
