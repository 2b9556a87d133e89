import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { storeEnterLine } from '../lib/display'
import { aMessage } from '../testing/factories'
import { MockSocket } from '../testing/mockSocket'
import { openGroup } from '../testing/openChat'

const field = () => screen.getByRole('textbox', { name: /^Message/ })
const sent = () => MockSocket.last.sent.filter(({ type }) => type === 'chat_message')

/** They are loaded after the first conversation. */
async function untilReady(): Promise<void> {
  await screen.findByRole('separator', undefined, { timeout: 5_000 })
}

test('Ctrl+K goes to the search from anywhere, and "?" shows the shortcuts where nobody is typing', async () => {
  await openGroup([aMessage(10)])
  await untilReady()
  field().focus()
  await userEvent.keyboard('?')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(field()).toHaveValue('?')
  await userEvent.keyboard('{Control>}k{/Control}')
  expect(screen.getByRole('searchbox')).toHaveFocus()
  screen.getByRole('button', { name: 'Mon compte' }).focus()
  await userEvent.keyboard('?')
  const dialog = await screen.findByRole('dialog', { name: 'Raccourcis clavier' })
  expect(dialog).toHaveTextContent('Aller à une conversation, une personne, un messageCtrlK')
  await userEvent.keyboard('{Control>}k{/Control}')
  expect(screen.getByRole('dialog')).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull()
  })
  expect(screen.getByRole('button', { name: 'Mon compte' })).toHaveFocus()
})

test('Enter can make a new line, and Ctrl+Enter sends either way', async () => {
  await openGroup([aMessage(10)])
  storeEnterLine(true)
  await userEvent.type(field(), 'Bonjour{Enter}à tous')
  expect(field()).toHaveValue('Bonjour\nà tous')
  expect(sent()).toHaveLength(0)
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  expect(sent()).toMatchObject([{ message: 'Bonjour\nà tous' }])
  storeEnterLine(false)
  await userEvent.type(field(), 'Merci{Enter}')
  expect(sent()).toHaveLength(2)
})

test('the menu of a message says whose it is', async () => {
  await openGroup([aMessage(10, { sender_id: 2 }), aMessage(11, { sender_id: 1 })])
  expect(screen.getAllByRole('button', { name: /^Actions sur/ }).map((one) => one.getAttribute('aria-label'))).toEqual([
    'Actions sur le message de Jérôme Lefèvre',
    'Actions sur votre message',
  ])
})
