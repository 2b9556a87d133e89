import { fireEvent, render, screen } from '@testing-library/react'
import { configureConnection } from '../../actions/connection'
import { touchQuery } from '../../lib/useMediaQuery'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

const region = () => screen.getByRole('region', { name: 'Messages de la conversation' })
const composer = () => screen.getByRole('textbox', { name: 'Message à Jérôme Lefèvre' })

function touchScreen() {
  const { matchMedia } = window
  jest.spyOn(window, 'matchMedia').mockImplementation((query) => ({ ...matchMedia(query), matches: query === touchQuery }))
}

/** Opens conversation 7 at its end. */
async function show() {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  const conversations = [aConversation()]
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: conversations })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(1)] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} selectedId={7} onSelect={() => undefined} />)
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  await settled()
  Object.defineProperty(region(), 'scrollHeight', { value: 5_000 })
}

test.each([
  ['on a computer is where one writes', () => undefined, composer],
  ['on a touch screen is the list, which opens no keyboard', touchScreen, region],
])('what has the focus once one has leapt to the end %s', async (_, prepare, place) => {
  prepare()
  await show()
  fireEvent.scroll(region())
  const button = screen.getByRole('button', { name: 'Aller aux derniers messages' })
  button.focus()
  fireEvent.click(button)
  expect(place()).toHaveFocus()
})

describe('outside of act, which runs passive effects at once', () => {
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
  afterEach(() => {
    environment.IS_REACT_ACT_ENVIRONMENT = true
  })

  test('a message that arrives as soon as one has scrolled up is a new one', async () => {
    await show()
    environment.IS_REACT_ACT_ENVIRONMENT = false
    const shown = appearing('Aller aux derniers messages')
    region().dispatchEvent(new Event('scroll', { bubbles: true }))
    await shown
    MockSocket.last.onmessage?.({ data: JSON.stringify({ type: 'new_message', message: aMessage(2) }) })
    await appearing('1 nouveau message')
    expect(MockSocket.last.sentOf('mark_as_read').map((frame) => frame.message_id)).toEqual([1])
  })
})

/** Resolves in the commit that shows the button: `findBy…` would wait for passive effects too. */
function appearing(name: string): Promise<void> {
  return new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (!screen.queryByRole('button', { name })) return
      observer.disconnect()
      resolve()
    }).observe(document.body, { childList: true, subtree: true, attributes: true })
  })
}
