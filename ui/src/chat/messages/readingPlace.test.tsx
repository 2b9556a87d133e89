import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import { aConversation, aMessage, claire, elodie } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

/** As the list expects it. */
const rowHeight = 52
const messagesPath = /\/messages\/7\/$/
const history = Array.from({ length: 300 }, (_, index) => aMessage(index + 1, { timestamp: '2026-09-01T08:00:00.000Z' }))
const height = 50 * rowHeight + 56

beforeEach(() => {
  sessionStorage.clear()
  jest.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue({ height: rowHeight } as DOMRect)
  jest.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(height)
  jest.spyOn(Element.prototype, 'scrollTo').mockImplementation(function (this: Element, to) {
    // As in browsers: clamped to the end, and without an event if nothing moves.
    const top = Math.min((to as unknown as ScrollToOptions).top ?? 0, height - 800)
    if (top === this.scrollTop) return
    this.scrollTop = top
    queueMicrotask(() => {
      fireEvent.scroll(this)
    })
  })
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/messages\/8\/$/, { body: [] })
  mockFetch.on('GET', messagesPath, ({ url }) => {
    const [before, after] = ['before', 'after'].map((name) => url.searchParams.get(name))
    const headers = { Link: '</x?cursor=1>; rel="next"' }
    if (after !== null && after !== undefined) return { body: history.filter(({ id }) => id > Number(after)).slice(0, 50), headers }
    return { body: history.filter(({ id }) => id < Number(before ?? Infinity)).slice(-50), headers }
  })
})

async function show(unread = 0) {
  const receipts = [{ user_id: claire.id, last_read: 300 - unread, last_delivered: 300 }]
  const conversations = [
    aConversation({ last_message: history.at(-1) ?? null, unread_count: unread, receipts }),
    aConversation({ conversation_id: 8, participants: [claire, elodie] }),
  ]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  const { unmount } = render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  const user = userEvent.setup()
  const open = async (name: RegExp) => {
    await user.click(screen.getByRole('button', { name }))
    await settled()
  }
  await open(/^Jérôme/)
  return { open, unmount }
}

const scroller = () => screen.getByRole('region', { name: 'Messages de la conversation' })

/** The first row begins 48 below the top. */
function readAt(row: number, offset: number) {
  scroller().scrollTop = 48 + row * rowHeight + offset
  fireEvent.scroll(scroller())
}

const asked = () => mockFetch.requestsTo(messagesPath).map(({ url }) => url.search)

test('a conversation opens again at the previous reading position', async () => {
  const { open } = await show()
  readAt(20, 30)
  await open(/^Élodie/)
  await open(/^Jérôme/)
  expect(scroller().scrollTop).toBe(48 + 20 * rowHeight + 30)
})

test('a conversation that was left at the end opens at the end', async () => {
  const { open } = await show()
  readAt(20, 30)
  await open(/^Élodie/)
  await open(/^Jérôme/)
  await waitFor(() => {
    readAt(50, -800)
    expect(screen.queryByRole('button', { name: 'Aller aux derniers messages' })).not.toBeInTheDocument()
  })
  await open(/^Élodie/)
  await open(/^Jérôme/)
  expect(scroller().scrollTop).toBe(height - 800)
})

test.each(['a reload', 'leaving it'])('the position survives %s, and is loaded if it is far above', async (way) => {
  const { unmount } = await show()
  readAt(0, 0)
  await settled()
  readAt(10, 30)
  if (way === 'a reload') fireEvent(window, new Event('pagehide'))
  else unmount()
  const top = JSON.parse(sessionStorage.getItem('messagerie.place.1.7') ?? 'null') as { messageId: number; offset: number }
  expect(top).toEqual({ messageId: 211, offset: 30 })
  unmount()

  mockFetch.requests.length = 0
  await show()
  expect(asked().slice(0, 3)).toEqual(['?limit=50', '?before=212&limit=50', '?after=211&limit=50'])
  expect(within(scroller()).getByText('Message 211')).toBeInTheDocument()
})

test('offline it opens at the newest messages, the only ones that are cached', async () => {
  sessionStorage.setItem('messagerie.place.1.7', JSON.stringify({ messageId: 20, offset: 0 }))
  mockFetch.on('GET', messagesPath, ({ url }) => {
    if (url.searchParams.has('after') || url.searchParams.has('before')) throw new TypeError('no network')
    return { body: history.slice(-50), headers: { Link: '</x?cursor=1>; rel="next"' } }
  })
  await show()
  expect(within(scroller()).getByText('Message 300')).toBeInTheDocument()
})

test('unread messages take precedence over the previous position', async () => {
  sessionStorage.setItem('messagerie.place.1.7', JSON.stringify({ messageId: 260, offset: 0 }))
  await show(10)
  expect(within(scroller()).getByText('Nouveaux messages')).toBeInTheDocument()
})
