import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { aConversation, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const listPath = /\/conversations\/1\/$/
const project = (number: number) =>
  aConversation({ conversation_id: number, participants: [claire, jerome, elodie], title: `Projet n°${number}` })

beforeEach(() => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
  // Three pages of a hundred; the socket's list has the first fifty.
  mockFetch.on('GET', listPath, ({ url }) => {
    const start = Number(url.searchParams.get('cursor') ?? 300)
    const body = Array.from({ length: 100 }, (_, index) => project(start - index))
    return start > 100 ? { body, headers: { Link: `</x?cursor=${start - 100}>; rel="next"` } } : { body }
  })
})

async function show() {
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: Array.from({ length: 50 }, (_, index) => project(300 - index)), complete: false })
  await screen.findByRole('button', { name: /^Projet n°300/ })
  await settled()
  return userEvent.setup()
}
const list = () => screen.getByRole('list', { name: 'Conversations' })

test('a search also covers pages that haven’t been scrolled to', async () => {
  const user = await show()
  await user.type(screen.getByRole('searchbox'), 'n°42')
  expect(await within(list()).findByRole('button', { name: /^Projet n°42/ })).toBeVisible()
  expect(within(list()).getAllByRole('button')).toHaveLength(1)
})

test('“no results” is only shown once all pages have been searched', async () => {
  const user = await show()
  await user.type(screen.getByRole('searchbox'), 'zz')
  await waitFor(() => {
    expect(screen.getByRole('status', { name: 'Résultats' })).toHaveTextContent('Aucune conversation ni aucun contact pour « zz »')
  })
  expect(mockFetch.requestsTo(listPath)).toHaveLength(3)
})
