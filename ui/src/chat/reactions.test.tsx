import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import type { Conversation, Reaction } from '../protocol/resources'
import { aConversation, aMe, aMessage, claire, elodie, jerome } from '../testing/factories'
import { heldAnswer, mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'

const liked: Reaction[] = [{ emoji: '👍', user_ids: [jerome.id, elodie.id] }]

async function open(reactions: Reaction[], fields: Partial<Conversation> = {}) {
  const message = aMessage(1, { content: 'La sortie est confirmée.', reactions })
  const conversation = aConversation({ participants: [claire, jerome, elodie], title: 'Sortie', last_message: message, can_write: true, can_react: true, ...fields })
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  mockFetch.on('GET', /\/conversations\//, { body: [conversation] })
  mockFetch.on('GET', /\/messages\//, { body: [message] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('PUT', /\/reactions\//, { status: 204 })
  mockFetch.on('DELETE', /\/reactions\//, { status: 204 })
  localStorage.setItem('messagerie.token', 'a-token')
  render(<App />)
  await settled()
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [conversation], complete: true })
  await userEvent.click(screen.getByRole('button', { name: /^Sortie/ }))
  await settled()
}

/** The labels of the reactions, with * for the user's own. */
function chips(): string[] {
  const list = screen.queryByRole('list', { name: 'Réactions' })
  return list ? within(list).getAllByRole('button').map((chip) => `${chip.getAttribute('aria-label')}${chip.ariaPressed === 'true' ? '*' : ''}`) : []
}

const chip = (name: RegExp) => screen.getByRole('button', { name })
const requests = () => mockFetch.requestsTo(/\/reactions\//).map(({ method, url }) => `${method} ${decodeURIComponent(url.pathname)}`)
const told = (reactions: Reaction[]) => { MockSocket.last.receive({ type: 'message_reactions', conversation_id: 7, message_id: 1, reactions }) }

test('the reactions are below the message, with the names of those who reacted', async () => {
  await open([...liked, { emoji: '❤️', user_ids: [claire.id] }])
  await waitFor(() => {
    expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon', '❤️ Vous*'])
  })
  expect(chip(/^👍/)).toHaveAttribute('title', 'Jérôme Lefèvre et Élodie Garçon')
  act(() => { told([{ emoji: '👍', user_ids: [elodie.id, 4711] }]) })
  expect(chips()).toEqual(['👍 Élodie Garçon et 1 autre personne'])
  act(() => { told([]) })
  expect(chips()).toEqual([])
})

test('a click adds the user’s reaction at once, another one removes it, in this order on the server', async () => {
  await open(liked)
  const stored = heldAnswer()
  mockFetch.on('PUT', /\/reactions\//, () => stored.answer)
  await userEvent.click(await screen.findByRole('button', { name: /^👍/ }))
  expect(chips()).toEqual(['👍 Vous, Jérôme Lefèvre et Élodie Garçon*'])
  await userEvent.click(chip(/^👍/))
  expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon'])
  expect(requests()).toEqual(['PUT /api/messagerie/messages/7/1/reactions/👍/'])
  stored.release({ status: 204 })
  await settled()
  expect(requests()).toEqual(['PUT /api/messagerie/messages/7/1/reactions/👍/', 'DELETE /api/messagerie/messages/7/1/reactions/👍/'])
  expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon'])
})

test('what was stored stays shown before its frame arrives', async () => {
  await open(liked)
  await userEvent.click(await screen.findByRole('button', { name: /^👍/ }))
  await settled()
  expect(chips()).toEqual(['👍 Vous, Jérôme Lefèvre et Élodie Garçon*'])
})

test('a refused reaction is undone, and the reason is shown', async () => {
  await open(liked)
  mockFetch.on('PUT', /\/reactions\//, { status: 403, body: { status: 403, code: 'paused', message: '', data: {} } })
  await userEvent.click(await screen.findByRole('button', { name: /^👍/ }))
  await settled()
  expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon'])
  expect(await screen.findByRole('alert')).toHaveTextContent('Réaction non enregistrée : L’envoi de messages est suspendu.')
})

test('a late response doesn’t bring back what another device has removed meanwhile', async () => {
  await open(liked)
  const stored = heldAnswer()
  mockFetch.on('PUT', /\/reactions\//, () => stored.answer)
  await userEvent.click(await screen.findByRole('button', { name: /^👍/ }))
  act(() => { told([{ emoji: '👍', user_ids: [jerome.id, elodie.id, claire.id] }]) })
  act(() => { told(liked) })
  stored.release({ status: 204 })
  await settled()
  expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon'])
})

test('the menu of a message has six reactions, and names who has reacted', async () => {
  await open(liked)
  await userEvent.click(screen.getByRole('button', { name: /^Actions sur (le|votre) message/ }))
  const menu = await screen.findByRole('menu')
  expect(within(menu).getAllByRole('menuitem', { name: /^Réagir/ })).toHaveLength(6)
  expect(menu).toHaveTextContent('👍 Jérôme Lefèvre et Élodie Garçon')
  await userEvent.click(within(menu).getByRole('menuitem', { name: 'Réagir : cœur rouge' }))
  await waitFor(() => {
    expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon', '❤️ Vous*'])
  })
  await userEvent.click(screen.getByRole('button', { name: /^Actions sur (le|votre) message/ }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Retirer votre réaction : cœur rouge' }))
  expect(chips()).toEqual(['👍 Jérôme Lefèvre et Élodie Garçon'])
})

test('where one can’t react, one’s own can still be removed', async () => {
  await open([...liked, { emoji: '❤️', user_ids: [claire.id] }], { can_write: false, cannot_write: 'paused', can_react: false })
  await userEvent.click(await screen.findByRole('button', { name: /^👍/ }))
  await userEvent.click(chip(/^❤️/))
  await settled()
  expect(requests()).toEqual(['DELETE /api/messagerie/messages/7/1/reactions/❤️/'])
  await userEvent.click(screen.getByRole('button', { name: /^Actions sur (le|votre) message/ }))
  await screen.findByRole('menu')
  expect(screen.queryByRole('menuitem', { name: /^Réagir/ })).toBeNull()
})

test('without a link nothing is changed, and the reason is said', async () => {
  await open(liked)
  await screen.findByRole('button', { name: /^👍/ })
  act(() => { MockSocket.last.closeWith(1006) })
  expect(chip(/^👍/)).toHaveAttribute('aria-disabled', 'true')
  expect(chip(/^👍/).title).toContain('Pas de connexion')
  await userEvent.click(chip(/^👍/))
  await userEvent.click(screen.getByRole('button', { name: /^Actions sur (le|votre) message/ }))
  const menu = await screen.findByRole('menu')
  expect(menu).toHaveTextContent('Pas de connexion : vous pourrez réagir quand elle sera rétablie.')
  expect(within(menu).getByRole('menuitem', { name: 'Réagir : cœur rouge' })).toHaveAttribute('aria-disabled', 'true')
  expect(requests()).toEqual([])
})
