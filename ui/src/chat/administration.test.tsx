import { screen, within } from '@testing-library/react'
import { bubble, own, show } from '../testing/editing'
import { aMessage, claire } from '../testing/factories'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'

const editedAt = '2026-09-01T09:00:00.000Z'

test('a message edited by the administration is marked', async () => {
  await show([
    aMessage(9, { content: 'de Jérôme', edited_at: editedAt, edited_by: 'administration' }),
    aMessage(10, { content: 'de lui-même', edited_at: editedAt, edited_by: 'author' }),
    own,
  ])
  expect(within(bubble('de Jérôme')).getByText('modifié par l’administration')).toBeVisible()
  expect(within(bubble('de lui-même')).getByText('modifié')).toBeVisible()

  MockSocket.last.receive({ type: 'message_updated', message: { ...own, content: 'autrement', edited_at: editedAt, edited_by: 'administration' } })
  await settled()
  expect(within(bubble('autrement')).getByText('modifié par l’administration')).toBeVisible()
})

test('a message deleted by the administration is marked, also in the list and in quotes', async () => {
  await show([aMessage(9, { content: 'la question' }), aMessage(10, { content: 'la réponse', sender_id: claire.id, reply_to: 9 }), own])
  for (const id of [9, own.id]) {
    MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: id, edited_by: 'administration' })
  }
  await settled()
  expect(screen.getAllByText('Message supprimé par l’administration', { selector: '.bubble-text' })).toHaveLength(2)
  expect(within(bubble('la réponse')).getByText('Message supprimé par l’administration')).toBeVisible()
  expect(screen.getByRole('button', { name: /^Jérôme Lefèvre.*Message supprimé par l’administration/ })).toBeVisible()
})

test('a message deleted by its author isn’t', async () => {
  await show()
  MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: 10, edited_by: 'author' })
  await settled()
  expect(screen.getByText('Message supprimé', { selector: '.bubble-text' })).toBeVisible()
})
