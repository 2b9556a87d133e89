import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { storeNotificationChoice } from '../../lib/notificationChoice'
import type { ServerFrame } from '../../protocol/frames'
import type { Conversation, Me } from '../../protocol/resources'
import { aConversation, aMe, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

class MockNotification {
  static readonly permission = 'granted'
  static shown: MockNotification[] = []
  isClosed = false
  onclick: (() => void) | null = null

  constructor(
    readonly title: string,
    readonly options: { body: string; tag: string; renotify: boolean },
  ) {
    MockNotification.shown.push(this)
  }

  close(): void {
    this.isClosed = true
  }
}

beforeEach(() => {
  MockNotification.shown = []
  Object.assign(window, { Notification: MockNotification })
  storeNotificationChoice('on')
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
})
afterEach(() => {
  Reflect.deleteProperty(window, 'Notification')
})

const withElodie = (fields: Partial<Conversation> = {}) => aConversation({ conversation_id: 8, participants: [claire, elodie], ...fields })
const hide = () => jest.spyOn(document, 'hidden', 'get').mockReturnValue(true)
const spoken = () => within(screen.getByRole('log')).queryAllByText(/./).map((one) => one.textContent)
const shown = () => MockNotification.shown.map(({ title, options }) => `${title} — ${options.body}`)
const lists = (...conversations: Conversation[]): ServerFrame => ({ type: 'conversations_list', conversations, complete: true })
const fromElodie = (id: number) => aMessage(id, { conversation_id: 8, sender_id: elodie.id })

const onUnread = jest.fn()

async function show(...conversations: Conversation[]) {
  return showTo(undefined, ...conversations)
}

async function showTo(me: Me | undefined, ...conversations: Conversation[]) {
  onUnread.mockClear()
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} me={me} onUnread={onUnread} />)
  MockSocket.last.open()
  MockSocket.last.receive(lists(...conversations))
  await settled()
  return userEvent.setup()
}

/** The link breaks and reconnects with another list. */
async function miss(user: ReturnType<typeof userEvent.setup>, ...conversations: Conversation[]) {
  MockSocket.last.closeWith(1006)
  await user.click(screen.getByRole('button', { name: 'Se reconnecter' }))
  MockSocket.last.open()
  MockSocket.last.receive(lists(...conversations), lists(...conversations))
  await settled()
}

describe('messages missed without a link', () => {
  test('are announced once as a count, with a notification for each conversation', async () => {
    hide()
    const user = await show(aConversation({ last_message: aMessage(10), unread_count: 1 }), withElodie())
    await miss(user, aConversation({ last_message: aMessage(12), unread_count: 3 }), withElodie({ last_message: fromElodie(13), unread_count: 1 }))
    expect(spoken()).toEqual(['3 nouveaux messages'])
    expect(shown()).toEqual(['Jérôme Lefèvre — 2 nouveaux messages', 'Élodie Garçon — Message 13'])
  })

  test('are announced in full if there is only one', async () => {
    const user = await show(aConversation())
    await miss(user, aConversation({ last_message: aMessage(11), unread_count: 1 }))
    expect(spoken()).toEqual(['Jérôme Lefèvre : Message 11'])
  })

  test('aren’t announced if they are one’s own, read elsewhere, or muted', async () => {
    hide()
    const user = await show(aConversation({ last_message: aMessage(10) }), withElodie({ muted: true }))
    await miss(
      user,
      aConversation({ last_message: aMessage(12, { sender_id: claire.id }) }),
      withElodie({ muted: true, last_message: fromElodie(13), unread_count: 1 }),
    )
    expect(spoken()).toEqual([])
    expect(shown()).toEqual([])
  })
})

test('the first message of a new conversation is announced once the conversation is known', async () => {
  hide()
  await show(aConversation())
  const fetched = withElodie({ last_message: fromElodie(13), unread_count: 1 })
  mockFetch.on('GET', new RegExp(`/conversations/1/${fetched.conversation_id}/$`), { body: fetched })
  MockSocket.last.receive({ type: 'new_message', message: fromElodie(13) })
  await screen.findByRole('button', { name: /^Élodie/ })
  expect(spoken()).toEqual(['Élodie Garçon : Message 13'])
  expect(shown()).toEqual(['Élodie Garçon — Message 13'])
})

test('a message in a group is announced with the group, whatever is selected', async () => {
  const group = (fields: Partial<Conversation>) => aConversation({ participants: [claire, jerome, elodie], ...fields })
  const user = await show(aConversation(), group({ conversation_id: 8, title: 'Sortie au musée' }), group({ conversation_id: 9 }))
  await user.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))
  await settled()
  for (const id of [7, 8, 9]) MockSocket.last.receive({ type: 'new_message', message: aMessage(id + 10, { conversation_id: id, content: 'Bonjour' }) })
  expect(spoken()).toEqual(['Jérôme Lefèvre : Bonjour', 'Jérôme Lefèvre, dans Sortie au musée : Bonjour', 'Jérôme Lefèvre, dans Jérôme, Élodie : Bonjour'])
})

test('messages that arrived while a conversation was muted aren’t announced when it is unmuted', async () => {
  await show(aConversation({ muted: true }))
  MockSocket.last.receive({ type: 'new_message', message: aMessage(11) })
  MockSocket.last.receive(lists(aConversation({ muted: false, last_message: aMessage(11), unread_count: 1 })))
  MockSocket.last.receive({ type: 'new_message', message: aMessage(12) })
  expect(spoken()).toEqual(['Jérôme Lefèvre : Message 12'])
})

describe('while the user is left in peace', () => {
  const resting = (seconds: number) => aMe({ quiet_until: new Date(Date.now() + 1000 * seconds).toISOString() })
  const receive = (...messages: ReturnType<typeof aMessage>[]) => {
    for (const message of messages) MockSocket.last.receive({ type: 'new_message', message })
  }

  test('nothing notifies, and the count in the title rests, but for urgent messages', async () => {
    hide()
    await showTo(resting(-60), aConversation({ last_message: aMessage(10), unread_count: 1 }), withElodie())
    expect(onUnread).toHaveBeenLastCalledWith(1)
    MockSocket.last.receive({ type: 'me_updated', me: resting(3600) })
    receive(aMessage(11), fromElodie(12))
    await settled()
    expect(shown()).toEqual([])
    expect(onUnread).toHaveBeenLastCalledWith(1)
    receive({ ...aMessage(13), urgent: true })
    await settled()
    expect(shown()).toEqual(['Jérôme Lefèvre — Message 13'])
    expect(onUnread).toHaveBeenLastCalledWith(2)
  })

  test('a page that is opened then counts what its list has', async () => {
    await showTo(resting(3600), aConversation({ last_message: aMessage(10), unread_count: 1 }), withElodie())
    expect(onUnread).toHaveBeenLastCalledWith(1)
    receive(fromElodie(12))
    await settled()
    expect(onUnread).toHaveBeenLastCalledWith(1)
  })

  test('all of it is back once that is over', async () => {
    hide()
    await showTo(resting(-60), aConversation({ last_message: aMessage(10), unread_count: 1 }))
    receive(aMessage(11))
    await settled()
    expect(shown()).toEqual(['Jérôme Lefèvre — Message 11'])
    expect(onUnread).toHaveBeenLastCalledWith(2)
  })
})

describe('notifications', () => {
  test('are shown for each live message, and alert again for a second one in a conversation', async () => {
    hide()
    await show(aConversation(), withElodie())
    MockSocket.last.receive({ type: 'new_message', message: fromElodie(11) }, { type: 'new_message', message: aMessage(12) })
    MockSocket.last.receive({ type: 'new_message', message: aMessage(13) })
    await settled()
    expect(shown()).toEqual(['Élodie Garçon — Message 11', 'Jérôme Lefèvre — Message 12', 'Jérôme Lefèvre — Message 13'])
    expect(MockNotification.shown[2]?.options).toMatchObject({ tag: 'conversation-7', renotify: true })
  })

  test('are closed once the conversation is read, on any device', async () => {
    hide()
    await show(aConversation(), withElodie())
    MockSocket.last.receive({ type: 'new_message', message: fromElodie(11) }, { type: 'new_message', message: aMessage(12) })
    await settled()
    MockSocket.last.receive({ type: 'messages_read', conversation_id: 7, user_id: claire.id, message_id: 12, timestamp: '' })
    await settled()
    expect(MockNotification.shown.map((one) => one.isClosed)).toEqual([false, true])
  })

  test('don’t contain the text if that was chosen', async () => {
    storeNotificationChoice('discreet')
    hide()
    await show(aConversation())
    MockSocket.last.receive({ type: 'new_message', message: aMessage(11) })
    await settled()
    expect(shown()).toEqual(['Nouveau message — '])
  })

  test('lead to their conversation', async () => {
    hide()
    jest.spyOn(window, 'focus').mockReturnValue()
    await show(aConversation({ participants: [claire, jerome] }))
    MockSocket.last.receive({ type: 'new_message', message: aMessage(11) })
    await settled()
    act(() => MockNotification.shown[0]?.onclick?.())
    await settled()
    expect(screen.getByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeVisible()
  })
})
