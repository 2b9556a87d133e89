import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { storeNotificationChoice } from '../../lib/notificationChoice'
import type { Conversation, User } from '../../protocol/resources'
import { aMessage, claire, elodie, jerome } from '../../testing/factories'
import { MockSocket } from '../../testing/mockSocket'
import { act, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'
import { mentionsIn, offered } from './mentionsIn'

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message à Sortie' })
const list = () => screen.queryByRole('listbox', { name: 'Participants à mentionner' })
const options = () => within(screen.getByRole('listbox')).getAllByRole('option').map((one) => `${one.querySelector('.conversation-name')?.textContent}${one.ariaSelected === 'true' ? '*' : ''}`)
const sent = () => MockSocket.last.sent.flatMap((frame) => (frame.type === 'chat_message' ? [{ says: frame.message, mentions: frame.mentions }] : []))

async function type(text: string): Promise<void> {
  await userEvent.type(field(), text)
  await settled()
}

describe('in a group', () => {
  let group: Conversation
  beforeEach(async () => {
    group = await openGroup([aMessage(41)])
  })

  test('"@" offers the other participants; arrows move, Enter inserts the name, and it is sent as a mention', async () => {
    await type('Bonjour @')
    await waitFor(() => {
      expect(options()).toEqual(['Jérôme Lefèvre*', 'Élodie Garçon'])
    })
    expect(field()).toHaveFocus()
    await type('{ArrowDown}')
    expect(options()).toEqual(['Jérôme Lefèvre', 'Élodie Garçon*'])
    expect(field().getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true }).id)
    expect(field()).toHaveAttribute('aria-controls', list()?.id)
    await type('{Enter}')
    expect(field()).toHaveValue('Bonjour @Élodie Garçon ')
    expect(list()).toBeNull()
    expect(field()).not.toHaveAttribute('aria-activedescendant')
    expect(sent()).toEqual([])
    await type('!{Enter}')
    expect(sent()).toEqual([{ says: 'Bonjour @Élodie Garçon !', mentions: [elodie.id] }])
  })

  test('what is typed narrows the list, without accents; Tab and a press choose as well', async () => {
    await type('@gar')
    await waitFor(() => {
      expect(options()).toEqual(['Élodie Garçon*'])
    })
    await userEvent.tab()
    expect(field()).toHaveValue('@Élodie Garçon ')
    await type('et @jero')
    await userEvent.click(await screen.findByRole('option', { name: /Jérôme/ }))
    expect(field()).toHaveValue('@Élodie Garçon et @Jérôme Lefèvre ')
    await type('{Enter}')
    expect(sent()).toEqual([{ says: '@Élodie Garçon et @Jérôme Lefèvre', mentions: [jerome.id, elodie.id] }])
  })

  test('whoever is taken out of an unsent message isn’t mentioned', async () => {
    MockSocket.last.closeWith(1006)
    await type('@gar')
    await screen.findByRole('listbox')
    await userEvent.tab()
    await type('{Enter}')
    await act('@Élodie Garçon', 'Modifier')
    const rewriting = await screen.findByRole('textbox', { name: 'Message non envoyé' })
    await userEvent.clear(rewriting)
    await userEvent.type(rewriting, 'Merci{Enter}')
    fireEvent(window, new Event('online'))
    MockSocket.last.open()
    MockSocket.last.receive({ type: 'conversations_list', conversations: [group], complete: true })
    await settled()
    expect(sent()).toEqual([{ says: 'Merci', mentions: [] }])
  })

  test('Escape closes the list until another "@", and nothing is offered inside an address', async () => {
    await type('@')
    await screen.findByRole('listbox')
    await type('{Escape}j')
    expect(list()).toBeNull()
    await type(' @')
    expect(await screen.findByRole('listbox')).toBeVisible()
    await userEvent.clear(field())
    await type('claire@')
    expect(list()).toBeNull()
    await type('x.fr{Enter}')
    expect(sent()).toEqual([{ says: 'claire@x.fr', mentions: undefined }])
  })

  test('a mention of the user is marked, a mention of somebody else isn’t', async () => {
    MockSocket.last.receive({ type: 'new_message', message: aMessage(42, { content: '@Claire Martin merci', mentions: [claire.id] }) }, { type: 'new_message', message: aMessage(43, { content: '@Élodie Garçon merci', mentions: [elodie.id] }) })
    expect(await screen.findByTitle('Vous êtes mentionné(e)')).toBeVisible()
    expect(screen.getAllByTitle('Vous êtes mentionné(e)')).toHaveLength(1)
    expect(screen.getByText('@Claire Martin merci').closest('li')).toContainElement(screen.getByTitle('Vous êtes mentionné(e)'))
  })
})

test('a direct conversation, and an older server, have no mentions', async () => {
  await openGroup([aMessage(41)], { pinned_messages: undefined })
  await type('@jero{Enter}')
  expect(sent()).toEqual([{ says: '@jero', mentions: undefined }])
})

describe('in a muted group', () => {
  const shown = jest.fn()
  beforeEach(() => {
    class MockNotification {
      static readonly permission = 'granted'
      constructor(title: string, { body }: { body: string }) {
        shown(`${title} — ${body}`)
      }
      close = () => undefined
    }
    shown.mockClear()
    Object.assign(window, { Notification: MockNotification })
    storeNotificationChoice('on')
    jest.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  })
  afterEach(() => {
    Reflect.deleteProperty(window, 'Notification')
  })

  test('only what mentions the user is announced and notifies', async () => {
    await openGroup([aMessage(41)], { muted: true })
    MockSocket.last.receive({ type: 'new_message', message: aMessage(42, { mentions: [elodie.id] }) }, { type: 'new_message', message: aMessage(43, { content: 'Et toi ?', mentions: [claire.id] }) })
    await settled()
    expect(shown.mock.calls).toEqual([['Jérôme Lefèvre — Et toi ?']])
    expect(within(screen.getByRole('log')).getAllByText(/./).map((one) => one.textContent)).toEqual(['Jérôme Lefèvre, dans Sortie : Et toi ?'])
  })

  test('a mention that was missed without a link notifies alone', async () => {
    const group = await openGroup([aMessage(41)], { muted: true })
    const last = aMessage(45, { content: 'Et toi ?', mentions: [claire.id] })
    MockSocket.last.receive({ type: 'conversations_list', conversations: [{ ...group, last_message: last, unread_count: 4 }], complete: true })
    await settled()
    expect(shown.mock.calls).toEqual([['Jérôme Lefèvre — Et toi ?']])
  })
})

describe('whom a text mentions', () => {
  const person = (id: number, first_name: string, last_name: string): User => ({ ...jerome, id, first_name, last_name })
  const people = [person(1, 'Jean', 'Martin'), person(2, 'Jean', 'Martin-Roux'), person(3, 'Jean', 'Martin'), person(4, 'Ana', 'Ó')]

  test.each<[string, number[], number[]]>([
    ['@Jean Martin', [], [1, 3]],
    ['@Jean Martin', [3], [3]],
    ['@Jean Martin-Roux', [], [2]],
    ['@Jean Martin-Roux et @Jean Martin', [], [2, 1, 3]],
    ['@Jean Martinez, @jean martin, Jean Martin', [], []],
    ['(@Ana Ó) @Ana Ó!', [], [4]],
  ])('%s', (text, chosen, found) => {
    expect(mentionsIn(text, people, new Set(chosen))).toEqual(found)
  })

  test('a complete name offers nobody', () => {
    expect(offered('Jean Martin', people).map(({ id }) => id)).toEqual([1, 2, 3])
    expect(offered('Jean Martin ', people)).toEqual([])
    expect(offered('', people)).toHaveLength(4)
  })
})
