import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import type { Conversation, Me, Message } from '../protocol/resources'
import { aConversation, aMe, claire, elodie, jerome } from './factories'
import { mockFetch } from './mockFetch'
import { MockSocket } from './mockSocket'
import { settled } from './settled'

/** A group called "Sortie" with these messages, opened by Claire; the server lists the others as well. */
export async function openGroup(messages: Message[], fields: Partial<Conversation> = {}, others: Conversation[] = [], me: Me = aMe()): Promise<Conversation> {
  const conversation = aConversation({ participants: [claire, jerome, elodie], title: 'Sortie', last_message: messages.at(-1) ?? null, can_write: true, pinned_messages: [], can: { rename: true, add: true, remove: true, leave: true, pin: true }, ...fields })
  const all = [conversation, ...others]
  mockFetch.on('GET', /\/me\/$/, { body: me })
  mockFetch.on('GET', /\/conversations\//, { body: all })
  mockFetch.on('GET', /\/events\/$/, { body: [] })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: messages })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  localStorage.setItem('messagerie.token', 'a-token')
  render(<App />)
  await settled()
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: all, complete: true })
  await userEvent.click(screen.getByRole('button', { name: /^Sortie/ }))
  await settled()
  return conversation
}

/** The menu of the message with this text. */
export async function menuOf(text: string): Promise<HTMLElement> {
  const bubble = screen.getAllByText(text).map((one) => one.closest<HTMLElement>('li.message')).find(Boolean)
  if (!bubble) throw new Error(`no message says ${text}`)
  await userEvent.click(within(bubble).getByRole('button', { name: /^Actions sur (le|votre) message/ }))
  return screen.findByRole('menu')
}

/** Chooses from the menu of the message with this text. */
export async function act(text: string, action: string): Promise<void> {
  await userEvent.click(within(await menuOf(text)).getByRole('menuitem', { name: action }))
  await settled()
}
