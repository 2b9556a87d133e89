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

/** Opens conversation 7, scrolled far from its end. */
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
  fireEvent.scroll(region())
}

test.each([
  ['on a computer is where one writes', () => undefined, composer],
  ['on a touch screen is the list, which opens no keyboard', touchScreen, region],
])('what has the focus once one has leapt to the end %s', async (_, prepare, place) => {
  prepare()
  await show()
  const button = screen.getByRole('button', { name: 'Aller aux derniers messages' })
  button.focus()
  fireEvent.click(button)
  expect(place()).toHaveFocus()
})
