import { act, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { Message } from '../../protocol/resources'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

async function show(history: Message[]) {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  jest.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue({ height: 52 } as DOMRect)
  const conversations = [aConversation({ last_message: history.at(-1) ?? null })]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: history })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))
  await settled()
  return user
}

/** From the field: over the buttons before it. */
async function backToMessages(user: Awaited<ReturnType<typeof show>>) {
  await user.tab({ shift: true })
  await user.tab({ shift: true })
  await user.tab({ shift: true })
}

const composer = () => screen.getByRole('textbox', { name: /^Message à/ })
const messageList = () => screen.getByRole('region', { name: 'Messages de la conversation' })
const menuOf = (text: string) => {
  const row = within(messageList()).getAllByRole('listitem').find((item) => within(item).queryByText(text))
  if (!row) throw new Error(`no row with ${text}`)
  return within(row).getByRole('button', { name: /^Actions sur (le|votre) message/ })
}
const messages = (count: number) => Array.from({ length: count }, (_, index) => aMessage(index + 1))

test('the messages are one Tab stop, between the header and the field', async () => {
  const user = await show([...messages(5), aMessage(6, { content: 'Voir https://exemple.fr', reply_to: 2 }), aMessage(7)])
  expect(composer()).toHaveFocus()
  await backToMessages(user)
  expect(menuOf('Message 7')).toHaveFocus()
  await user.tab({ shift: true })
  expect(screen.getByRole('button', { name: 'Détails de la conversation' })).toHaveFocus()
  await user.tab()
  expect(menuOf('Message 7')).toHaveFocus()
  await user.tab()
  await user.tab()
  await user.tab()
  expect(composer()).toHaveFocus()
})

test('the arrow keys move from message to message, and Tab reaches the controls in one', async () => {
  const withLink = aMessage(4, { content: 'Voir https://exemple.fr', reply_to: 2 })
  const user = await show([...messages(2), aMessage(3, { deleted: true }), withLink, aMessage(5)])
  await backToMessages(user)
  await user.keyboard('{ArrowUp}')
  expect(screen.getByRole('link', { name: 'https://exemple.fr' }).closest('li')).toContainElement(document.activeElement as HTMLElement)
  await user.tab({ shift: true })
  expect(screen.getByRole('link', { name: 'https://exemple.fr' })).toHaveFocus()
  // A deleted message has no actions.
  await user.keyboard('{ArrowUp}')
  expect(menuOf('Message 2')).toHaveFocus()
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(menuOf('Message 5')).toHaveFocus()
  await user.keyboard('{Home}')
  expect(menuOf('Message 1')).toHaveFocus()
  await user.keyboard('{ArrowUp}')
  expect(menuOf('Message 1')).toHaveFocus()
  await user.keyboard('{End}')
  expect(menuOf('Message 5')).toHaveFocus()
})

test('the focused message stays rendered, and the arrow keys continue from there', async () => {
  const user = await show(messages(300))
  const scrollTo = (top: number) => {
    act(() => {
      messageList().scrollTop = top
      fireEvent.scroll(messageList())
    })
  }
  await backToMessages(user)
  await user.keyboard('{Home}')
  expect(menuOf('Message 1')).toHaveFocus()
  scrollTo(10_000)
  expect(menuOf('Message 1')).toHaveFocus()
  expect(screen.queryByText('Message 20')).not.toBeInTheDocument()
  await user.keyboard('{ArrowDown}')
  expect(menuOf('Message 2')).toHaveFocus()

  // After leaving it, focus returns to a visible message.
  await user.click(composer())
  await backToMessages(user)
  expect(document.activeElement).toHaveAccessibleName(expect.stringMatching(/^Actions sur (le|votre) message/))
  expect(screen.queryByText('Message 2')).not.toBeInTheDocument()
})
