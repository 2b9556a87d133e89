import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { User } from '../../protocol/resources'
import { aConversation, aMessage, claire, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { act, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'

const nadia: User = { id: 9, first_name: 'Nadia', last_name: 'Benali', email: '', role: 'parent' }
const jeromes = aConversation({ conversation_id: 8, participants: [claire, jerome], last_message: aMessage(30, { conversation_id: 8, content: 'Bonjour' }), can_write: true })
const closed = aConversation({ conversation_id: 9, participants: [claire, { ...jerome, id: 4, first_name: 'Hugo' }], can_write: false, cannot_write: 'paused' })
const file = { id: 5, name: 'circulaire.txt', size: 12, type: 'text/plain', width: 0, height: 0, has_thumbnail: false }

const sent = () => MockSocket.last.sent.flatMap((frame) => (frame.type === 'chat_message' ? [{ to: frame.conversation_id, says: frame.message, reply: frame.reply_to, files: frame.attachments }] : []))
const dialog = () => screen.findByRole('dialog', { name: 'Transférer le message' })

async function open(message = aMessage(41, { content: 'La sortie est à 8 h.' })) {
  await openGroup([message], {}, [jeromes, closed])
  await act(message.content, 'Transférer')
  return dialog()
}

test('the text goes as a message of its own to a conversation, which is opened', async () => {
  const form = await open()
  expect(within(form).getAllByRole('radio').map((one) => one.closest('label')?.textContent)).toEqual([expect.stringContaining('Sortie'), expect.stringContaining('Jérôme Lefèvre')])
  expect(within(form).getByRole('button', { name: 'Transférer' })).toBeDisabled()
  await userEvent.click(within(form).getByRole('radio', { name: /^Jérôme/ }))
  await userEvent.click(within(form).getByRole('button', { name: 'Transférer' }))
  await settled()
  expect(sent()).toEqual([{ to: 8, says: 'La sortie est à 8 h.', reply: undefined, files: undefined }])
  expect(screen.getByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeVisible()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('a search finds conversations, and people without one, whose conversation begins with it', async () => {
  const form = await open()
  mockFetch.on('GET', /\/search\/123\/$/, { body: [nadia] })
  mockFetch.on('POST', /\/conversations\/create\/$/, { body: aConversation({ conversation_id: 12, participants: [claire, nadia], last_message: null }) })
  await userEvent.type(within(form).getByRole('searchbox', { name: 'Conversation ou personne' }), 'nad')
  await userEvent.click(await within(form).findByRole('radio', { name: /^Nadia Benali/ }))
  expect(within(form).getAllByRole('radio')).toHaveLength(1)
  await userEvent.click(within(form).getByRole('button', { name: 'Transférer' }))
  await waitFor(() => {
    expect(sent()).toEqual([expect.objectContaining({ to: 12, says: 'La sortie est à 8 h.' })])
  })
  expect(screen.getByRole('region', { name: 'Conversation avec Nadia Benali' })).toBeVisible()
})

test('who was chosen and is no longer in sight gets nothing', async () => {
  const form = await open()
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
  await userEvent.click(within(form).getByRole('radio', { name: /^Jérôme/ }))
  await userEvent.type(within(form).getByRole('searchbox'), 'zzz')
  expect(await within(form).findByText('Aucun destinataire pour « zzz »')).toBeVisible()
  expect(within(form).getByRole('button', { name: 'Transférer' })).toBeDisabled()
})

test('its files are copied, and uploaded for the other conversation; without them only if that is chosen', async () => {
  mockFetch.on('GET', /\/attachments\/5\/$/, { status: 404, body: { status: 404, code: 'not_found', message: '', data: {} } })
  const form = await open(aMessage(41, { content: 'Voici la circulaire.', attachments: [file] }))
  await userEvent.click(within(form).getByRole('radio', { name: /^Jérôme/ }))
  await userEvent.click(within(form).getByRole('button', { name: 'Transférer' }))
  expect(await within(form).findByRole('alert')).toHaveTextContent('Les fichiers n’ont pas pu être récupérés : Introuvable.')
  expect(sent()).toEqual([])
  await userEvent.click(within(form).getByRole('button', { name: 'Transférer sans les fichiers' }))
  await settled()
  expect(sent()).toEqual([{ to: 8, says: 'Voici la circulaire.', reply: undefined, files: undefined }])
})
