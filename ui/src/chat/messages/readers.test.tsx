import { cleanup, render, screen } from '@testing-library/react'
import '../../i18n/i18n'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { emptyThread } from '../state/thread'
import { MessageList } from './MessageList'
import { type BubbleState, MessageState } from './MessageState'

const idle = () => undefined

/** The text below each message of a group that Jérôme and Élodie have read up to these messages. */
function under(messages: ReturnType<typeof aMessage>[], [jeromeTo, elodieTo]: [number, number], elodieJoined = 2) {
  const receipt = (user_id: number, last_read: number, joined = 1) => ({ user_id, last_read, last_delivered: last_read, joined })
  const conversation = aConversation({
    participants: [claire, jerome, elodie],
    receipts: [receipt(claire.id, 0), receipt(jerome.id, jeromeTo), receipt(elodie.id, elodieTo, elodieJoined)],
  })
  const commands = { onOlder: idle, onNewer: idle, onLatest: idle, onReload: idle, onAtEnd: idle, onAction: idle, onCopy: idle, onRetry: idle, onRewrite: idle, onDiscard: idle, onRemoveFile: idle }
  render(
    <MessageList userId={claire.id} conversation={conversation} thread={{ ...emptyThread, load: { status: 'ready' }, messages }} outgoing={[]} wanted={null} {...commands} />,
  )
  return screen.getAllByRole('listitem').flatMap((row) => (row.dataset.message ? (/Lu par \d+ sur \d+/.exec(row.textContent ?? '')?.[0] ?? '') : []))
}
const own = (id: number, fields = {}) => aMessage(id, { sender_id: claire.id, ...fields })

test('only the last message of a block shows the number of readers', () => {
  expect(under([own(10), own(11), own(12), aMessage(13), own(14)], [12, 12])).toEqual(['', '', 'Lu par 2 sur 2', '', 'Lu par 0 sur 2'])
})

test('a message with other readers than the next one shows them as well', () => {
  expect(under([own(10), own(11), own(12)], [12, 10])).toEqual(['Lu par 2 sur 2', '', 'Lu par 1 sur 2'])
})

test('whoever joined later isn’t among the readers of what was sent before', () => {
  expect(under([own(10), own(12), own(14)], [12, 12], 13)).toEqual(['', 'Lu par 1 sur 1', 'Lu par 0 sur 2'])
  cleanup()
  expect(under([own(10), own(12), own(14)], [14, 14], 11)).toEqual(['Lu par 1 sur 1', '', 'Lu par 2 sur 2'])
})

test('if the last one is deleted, the one before shows the readers', () => {
  expect(under([own(10), own(11), own(12, { deleted: true, content: '' })], [0, 0])).toEqual(['', 'Lu par 0 sur 2', ''])
})

test.each<[BubbleState, string]>([
  ['waiting', 'En attente'],
  ['sending', 'Envoi…'],
  ['sent', 'Envoyé'],
  ['delivered', 'Distribué'],
  ['read', 'Lu'],
  ['failed', 'Non envoyé'],
])('a message that is %s says so in words, not by its icon alone', (state, word) => {
  const { container } = render(<MessageState state={state} />)
  expect(screen.getByText(word)).toBeInTheDocument()
  expect(container.querySelector('svg')).toHaveAttribute('aria-hidden', 'true')
})
