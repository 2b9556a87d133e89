import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { Correction } from '../composer/Composer'
import { InstantChat } from '../InstantChat'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

// As a browser does in its first idle moment.
beforeAll(() => Correction.preload())

const composer = () => screen.getByRole('textbox', { name: /^Message à/ })
const rewriting = () => screen.getByRole('textbox', { name: 'Message non envoyé' })
const sent = () => MockSocket.last.sentOf('chat_message').map((frame) => frame.message)
const texts = () => Array.from(document.querySelectorAll('.bubble-text'), (element) => element.textContent)
/** Opens the link, or reopens it. */
async function connect() {
  fireEvent(window, new Event('online'))
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await settled()
}
/** The server confirms the last message that was sent. */
function confirm() {
  const frame = MockSocket.last.sentOf('chat_message').at(-1)
  const message = aMessage(20, { sender_id: claire.id, content: frame?.message ?? '', client_id: frame?.client_id ?? '' })
  MockSocket.last.receive({ type: 'new_message', message })
  return message
}

/** Two messages wait for a link. */
async function show() {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  await connect()
  MockSocket.last.closeWith(1006)
  const user = userEvent.setup()
  await user.type(composer(), 'un{Enter}')
  await user.type(composer(), 'deux{Enter}')
  const openMenu = async (text: string) => {
    const bubble = screen.getByText(text, { selector: '.bubble-text' }).closest('li')
    if (!bubble) throw new Error(`no bubble with ${text}`)
    await user.click(within(bubble).getByRole('button', { name: /^Actions sur (le|votre) message/ }))
    return (await screen.findAllByRole('menuitem')).map((item) => item.textContent)
  }
  const act = async (text: string, item: string) => {
    await openMenu(text)
    await user.click(screen.getByRole('menuitem', { name: item }))
  }
  return { user, openMenu, act }
}

test('a waiting message can be copied, rewritten in its place, or discarded', async () => {
  const { user, openMenu, act } = await show()
  expect(await openMenu('un')).toEqual(['Copier', 'Modifier', 'Supprimer'])
  await user.click(screen.getByRole('menuitem', { name: 'Modifier' }))
  await user.type(rewriting(), ' seul{Enter}')
  await user.type(composer(), 'trois{Enter}')
  await act('deux', 'Supprimer')
  expect(texts()).toEqual(['un seul', 'trois'])
  await waitFor(() => {
    expect(composer()).toHaveFocus()
  })
  await connect()
  expect(sent()).toEqual(['un seul', 'trois'])
})

test('the up arrow edits a waiting message', async () => {
  const { user } = await show()
  await user.type(composer(), '{ArrowUp}')
  expect(rewriting()).toHaveValue('deux')
})

test('a message that is sent while it is being rewritten is edited once it is stored', async () => {
  const { user, act } = await show()
  await act('deux', 'Modifier')
  await user.type(rewriting(), ' ou')
  await connect()
  expect(sent()).toEqual(['un', 'deux'])
  await user.type(rewriting(), ' trois{Enter}')
  expect(rewriting()).toHaveValue('deux ou trois')
  const stored = confirm()
  mockFetch.on('PATCH', /\/messages\/7\/20\/$/, { body: { ...stored, content: 'deux ou trois', edited_at: '2026-09-01T10:00:00.000Z' } })
  const correction = await screen.findByRole('textbox', { name: 'Modification du message' })
  expect(correction).toHaveValue('deux ou trois')
  expect(correction).toHaveFocus()
  await user.type(correction, '{Enter}')
  expect(await screen.findByText('modifié')).toBeVisible()
  expect(sent()).toEqual(['un', 'deux'])
  expect(composer()).toHaveValue('')
})

test('a message sent on a broken link may be stored, so it can only be copied', async () => {
  const { openMenu } = await show()
  await connect()
  MockSocket.last.closeWith(1006)
  expect(within(screen.getByRole('region', { name: /^Conversation avec/ })).getAllByText('En attente')).toHaveLength(2)
  // Over what was said before, in the list as well.
  expect(screen.getByRole('button', { name: /^Jérôme/ })).toHaveTextContent('En attenteVous : deux')
  expect(await openMenu('deux')).toEqual(['Copier'])
})
