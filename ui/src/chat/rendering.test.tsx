import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { type ComponentType, createElement, Profiler } from 'react'
import { configureConnection } from '../actions/connection'
import { aConversation, aMessage, claire, elodie } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { InstantChat } from './InstantChat'

/** The components that have rendered since the last check. */
const mockRendered: string[] = []

function mockProfiled(id: string, Part: ComponentType<object>) {
  return function Profiled(props: object) {
    return createElement(Profiler, { id, onRender: () => mockRendered.push(id) }, createElement(Part, props))
  }
}

jest.mock('./list/ConversationList', () => {
  const { ConversationList } = jest.requireActual('./list/ConversationList')
  return { ConversationList: mockProfiled('list', ConversationList) }
})
jest.mock('../parts/Avatar', () => {
  const { Avatar } = jest.requireActual('../parts/Avatar')
  return { Avatar: mockProfiled('avatar', Avatar) }
})
jest.mock('./ConversationHeader', () => ({ ConversationHeader: mockProfiled('header', () => null) }))
jest.mock('./messages/MessageList', () => {
  const { MessageList } = jest.requireActual('./messages/MessageList')
  return { MessageList: mockProfiled('messages', MessageList) }
})
jest.mock('./messages/MessageText', () => {
  const { MessageText } = jest.requireActual('./messages/MessageText')
  return { MessageText: mockProfiled('text', MessageText) }
})
jest.mock('./composer/Composer', () => {
  const actual = jest.requireActual('./composer/Composer')
  return { ...actual, Composer: mockProfiled('composer', actual.Composer) }
})

const others = Array.from({ length: 5 }, (_, index) =>
  aConversation({ conversation_id: 100 + index, participants: [claire, { ...elodie, id: 100 + index }] }),
)
const history = [...Array.from({ length: 8 }, (_, index) => aMessage(10 + index)), aMessage(30, { reply_to: 12 })]

async function show() {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const conversations = [aConversation({ last_message: history.at(-1) ?? null }), ...others]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: history })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  const user = userEvent.setup({ delay: null })
  await user.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))
  await settled()
  await waitFor(() => {
    expect(MockSocket.last.sentOf('mark_as_read')).toHaveLength(1)
  })
  await settled()
  await drawn()
  mockRendered.length = 0
  return user
}
/** Waits until the lists have measured newly rendered rows. */
async function drawn() {
  for (let frame = 0; frame < 5; frame++) await act(() => new Promise<void>((resolve) => requestAnimationFrame(() => { resolve() })))
}
const times = (part: string) => mockRendered.filter((one) => one === part).length

test('typing renders the composer only', async () => {
  const user = await show()
  await user.type(screen.getByRole('textbox', { name: /^Message à/ }), 'Bonjour')
  expect(new Set(mockRendered)).toEqual(new Set(['composer']))
})

test('a search renders the list, but not the open conversation', async () => {
  const user = await show()
  await user.type(screen.getByRole('searchbox', { name: 'Rechercher' }), 'élo')
  expect(mockRendered).toContain('list')
  for (const part of ['header', 'messages', 'composer']) expect(times(part)).toBe(0)
})

test('an arriving message renders only its own bubble and its line of the list', async () => {
  await show()
  MockSocket.last.receive({ type: 'new_message', message: aMessage(31) })
  await settled()
  expect(times('text')).toBeLessThanOrEqual(2) // the new one, and the previous one in its block
  mockRendered.length = 0
  MockSocket.last.receive({ type: 'new_message', message: aMessage(40, { conversation_id: 103, sender_id: 103 }) })
  await settled()
  expect([times('text'), times('avatar')]).toEqual([0, 1])
})

test('a draft in another tab renders only its own line', async () => {
  await show()
  localStorage.setItem('messagerie.draft.1.103', 'à suivre')
  fireEvent(window, new StorageEvent('storage', { key: 'messagerie.draft.1.103', newValue: 'à suivre' }))
  expect(screen.getByRole('button', { name: /Brouillon : à suivre/ })).toBeVisible()
  expect([times('text'), times('avatar'), times('composer')]).toEqual([0, 1, 0])
})

test('typing in another conversation renders no bubble', async () => {
  await show()
  MockSocket.last.receive({ type: 'typing_start', conversation_id: 103, user_id: 103 })
  act(() => undefined)
  expect([times('text'), times('avatar')]).toEqual([0, 1])
})
