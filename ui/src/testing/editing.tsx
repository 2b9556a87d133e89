import { fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import { Correction } from '../chat/composer/Composer'
import { InstantChat } from '../chat/InstantChat'
import { aConversation, aMessage, claire, elodie } from './factories'
import { mockFetch } from './mockFetch'
import { MockSocket } from './mockSocket'
import { settled } from './settled'

/** The message that is edited. */
export const own = aMessage(11, { sender_id: claire.id, content: 'à corriger' })
const other = aConversation({ conversation_id: 8, participants: [claire, elodie] })
export const composer = () => screen.getByRole('textbox', { name: /^Message à/ })
export const correction = () => screen.getByRole('textbox', { name: 'Modification du message' })
export const bubble = (text: string) => {
  const item = screen.getByText(text, { selector: '.bubble-text' }).closest('li')
  if (!item) throw new Error(`no bubble with ${text}`)
  return item
}

/** Opens its conversation. */
export async function show(loaded = [aMessage(10), own]) {
  // As a browser does in its first idle moment.
  await Correction.preload()
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const conversations = [aConversation({ last_message: own }), other]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: loaded })
  mockFetch.on('GET', /\/messages\/8\/$/, { body: [] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  const user = userEvent.setup()
  const open = async (name: RegExp) => {
    await user.click(screen.getByRole('button', { name }))
    await settled()
  }
  await open(/^Jérôme Lefèvre/)
  const act = async (text: string, item: string) => {
    await user.click(within(bubble(text)).getByRole('button', { name: /^Actions sur (le|votre) message/ }))
    await user.click(await screen.findByRole('menuitem', { name: item }))
  }
  return { user, open, act }
}

/** Loses the link, calls `meanwhile` without one, and reconnects. */
export async function outage(meanwhile: () => Promise<void>) {
  MockSocket.last.closeWith(1006)
  await meanwhile()
  fireEvent(window, new Event('online'))
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation({ last_message: own }), other], complete: true })
  await settled()
}

export const patches = () => mockFetch.requests.filter((request) => request.method === 'PATCH').map((request) => request.body)
