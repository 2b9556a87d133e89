import { fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { phoneQuery, touchQuery } from '../../lib/useMediaQuery'
import type { Conversation } from '../../protocol/resources'
import { aConversation, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

beforeEach(() => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
})

async function show(...conversations: Conversation[]) {
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  return userEvent.setup()
}

test('the line of a group names the person who is typing, not the first participant', async () => {
  await show(aConversation({ participants: [claire, jerome, elodie], title: 'Sortie' }))
  const types = (userId: number) => {
    MockSocket.last.receive({ type: 'typing_start', conversation_id: 7, user_id: userId })
  }
  types(elodie.id)
  expect(screen.getByRole('button', { name: /^Sortie/ })).toHaveTextContent('Élodie écrit…')
  types(jerome.id)
  expect(screen.getByRole('button', { name: /^Sortie/ })).toHaveTextContent('Élodie et Jérôme écrivent…')
})

test('the arrow keys move from the search field through the results and back; Enter opens the first', async () => {
  const user = await show(
    aConversation({ updated_at: '2026-09-02T10:00:00.000Z' }),
    aConversation({ conversation_id: 8, participants: [claire, elodie] }),
  )
  const search = screen.getByRole('searchbox', { name: 'Rechercher' })
  const line = (name: RegExp) => screen.getByRole('button', { name })
  await user.click(search)
  await user.keyboard('{ArrowDown}')
  expect(line(/^Jérôme/)).toHaveFocus()
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(line(/^Élodie/)).toHaveFocus()
  await user.keyboard('{ArrowUp}{ArrowUp}')
  expect(search).toHaveFocus()
  await user.keyboard('gar{Enter}')
  await settled()
  expect(screen.getByRole('region', { name: 'Conversation avec Élodie Garçon' })).toBeVisible()
})

test.each(['{Enter}', '{ArrowDown}{Enter}'])('a conversation opened by %s has only its draft in its composer', async (keys) => {
  localStorage.setItem('messagerie.draft.1.8', 'déjà')
  const user = await show(aConversation(), aConversation({ conversation_id: 8, participants: [claire, elodie] }))
  for (const [name, begun] of [['jer', ''], ['gar', 'déjà']] as const) {
    await user.type(screen.getByRole('searchbox', { name: 'Rechercher' }), `${name}${keys}`)
    await settled()
    expect(screen.getByRole('textbox', { name: /^Message à/ })).toHaveFocus()
    expect(screen.getByRole('textbox', { name: /^Message à/ })).toHaveValue(begun)
  }
})

test('a click on the open conversation focuses its composer', async () => {
  const user = await show(aConversation())
  for (let time = 0; time < 2; time++) {
    await user.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))
    await settled()
    expect(screen.getByRole('textbox', { name: 'Message à Jérôme Lefèvre' })).toHaveFocus()
  }
})

test('the line of a conversation that isn’t open shows its draft', async () => {
  const user = await show(aConversation(), aConversation({ conversation_id: 8, participants: [claire, elodie] }))
  const elodies = () => screen.getByRole('button', { name: /^Élodie/ })
  const jeromes = () => screen.getByRole('button', { name: /^Jérôme Lefèvre/ })
  const composer = () => screen.getByRole('textbox', { name: /^Message à/ })
  await user.click(jeromes())
  await user.type(composer(), ' À demain,{Shift>}{Enter}{/Shift}Claire')
  await user.click(elodies())
  expect(jeromes()).toHaveTextContent('Brouillon : À demain, Claire')
  await user.click(jeromes())
  expect(jeromes()).toHaveTextContent('Message 1')

  await user.click(elodies())
  MockSocket.last.receive({ type: 'typing_start', conversation_id: 7, user_id: jerome.id })
  expect(jeromes()).toHaveTextContent('Jérôme écrit…')
  MockSocket.last.receive({ type: 'typing_stop', conversation_id: 7, user_id: jerome.id })

  const isSentElsewhere = new StorageEvent('storage', { key: 'messagerie.draft.1.7', newValue: null })
  localStorage.removeItem('messagerie.draft.1.7')
  fireEvent(window, isSentElsewhere)
  expect(jeromes()).toHaveTextContent('Message 1')
})

test('people chosen for a group are kept after Escape, and discarded by “Annuler”', async () => {
  mockFetch.on('GET', /\/search\/123\/$/, { body: [jerome, elodie] })
  const user = await show(aConversation())
  const open = () => user.click(screen.getByRole('button', { name: 'Nouvelle conversation' }))
  const chosen = () => screen.queryByRole('button', { name: 'Retirer Jérôme Lefèvre' })
  await open()
  await user.type(await screen.findByRole('combobox'), 'je')
  await user.click(await screen.findByRole('option', { name: /Jérôme/ }))
  expect(chosen()).toBeVisible()
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('dialog')).toBeNull()

  await open()
  expect(chosen()).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Annuler' }))
  await open()
  expect(screen.getByRole('combobox')).toBeVisible()
  expect(chosen()).toBeNull()
})

test('errors are shown as well while no conversation is open', async () => {
  const user = await show(aConversation())
  MockSocket.last.receive({ type: 'error', code: 'too_many_requests', message: '' })
  expect(await screen.findByRole('alert')).toHaveTextContent('Trop de demandes. Patientez un instant.')
  await user.click(screen.getByRole('button', { name: 'Fermer' }))
  expect(screen.queryByRole('alert')).toBeNull()
})

test('the list’s height fits its lines with large text', async () => {
  const large = { borderBoxSize: [{ blockSize: 156, inlineSize: 300 }] } as unknown as ResizeObserverEntry
  const observers = jest.spyOn(globalThis, 'ResizeObserver').mockImplementation((tell) => {
    const observer: ResizeObserver = {
      observe: (element) => {
        if (element.matches('.conversations > li')) tell([large], observer)
      },
      unobserve: () => undefined,
      disconnect: () => undefined,
    }
    return observer
  })
  await show(
    aConversation({ updated_at: '2026-09-02T10:00:00.000Z' }),
    aConversation({ conversation_id: 8, participants: [claire, elodie] }),
  )
  expect(screen.getByRole('list', { name: 'Conversations' })).toHaveStyle({ height: '312px' })
  observers.mockRestore()
})

test.each([['with a conversation', [aConversation({ can_write: true })]], ['without any', []]])('on a phone the tips of the first days are below the list, until they are closed: %s', async (_, conversations) => {
  const { matchMedia } = window
  jest.spyOn(window, 'matchMedia').mockImplementation((query) => ({ ...matchMedia(query), matches: query === phoneQuery || query === touchQuery }))
  mockFetch.on('GET', /\/scheduled\/$/, { body: [] })
  mockFetch.on('GET', /\/me\/$/, { status: 503 })
  const user = await show(...conversations)
  const tips = await screen.findByRole('region', { name: 'Pour commencer' })
  expect(tips).toHaveTextContent(/Appuyez longuement/)
  expect(tips).not.toHaveTextContent(/Ctrl/)
  await user.click(within(tips).getByRole('button', { name: 'Compris' }))
  expect(screen.queryByRole('region', { name: 'Pour commencer' })).toBeNull()
  expect(localStorage.getItem('messagerie.tips')).not.toBeNull()
})
