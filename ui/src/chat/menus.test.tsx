import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { aConversation, aMe, aMessage } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'

beforeEach(async () => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\//, { body: [aMessage(1)] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  localStorage.setItem('messagerie.token', 'a-token')
  render(<App />)
  await settled()
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await userEvent.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))
  await settled()
})

test.each([
  ['message', /^Actions sur (le|votre) message/, () => screen.queryByRole('menu', { name: /^Actions sur (le|votre) message/ })],
  ['account', 'Mon compte', () => screen.queryByRole('region', { name: 'Mon compte' })],
])('a step back closes the menu of the %s and leaves the conversation where it is', async (_, name, menu) => {
  await userEvent.click(screen.getByRole('button', { name }))
  await waitFor(() => {
    expect(menu()).toBeVisible()
    expect(window.history.state).toMatchObject({ layer: 1 })
  })
  act(() => {
    window.history.back()
  })
  await waitFor(() => {
    expect(menu()).toBeNull()
  })
  expect(screen.getByRole('button', { name })).toHaveFocus()
  expect(screen.getByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeVisible()
})
