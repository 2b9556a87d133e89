import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { bubble, composer, correction, own, show } from '../../testing/editing'
import { aMessage, claire } from '../../testing/factories'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'

test('an edit that can’t be saved stays, with the reason, and can be saved later', async () => {
  const { user, act } = await show()
  await act('à corriger', 'Modifier')
  await user.clear(correction())
  await user.type(correction(), 'corrigé{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Pas encore enregistré : Pas de connexion au serveur.')
  expect(correction()).toHaveValue('corrigé')

  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { body: { ...own, content: 'corrigé', edited_at: '2026-09-01T10:00:00.000Z' } })
  await user.type(correction(), '{Enter}')
  expect(await screen.findByText('modifié')).toBeVisible()
  expect(composer()).toHaveValue('')
  expect(localStorage).toHaveLength(0)
})

test('a failed deletion names what failed', async () => {
  const { user, act } = await show()
  await act('à corriger', 'Supprimer')
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Supprimer' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Message non supprimé : Pas de connexion au serveur.')
})

test('while an edit is being saved, the field is read-only', async () => {
  const { user, act } = await show()
  const saving = heldAnswer()
  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, () => saving.answer)
  await act('à corriger', 'Modifier')
  await user.type(correction(), ' demain{Enter} et après{Enter}')
  expect(screen.getByText('Enregistrement…')).toBeVisible()
  expect(correction()).toHaveValue('à corriger demain')
  expect(mockFetch.requests.filter((request) => request.method === 'PATCH')).toHaveLength(1)
  saving.release({ status: 429, body: { status: 429, code: 'too_many_requests', message: '', data: {} } })
  expect(await screen.findByRole('alert')).toHaveTextContent('Pas encore enregistré : Trop de demandes.')
  await user.type(correction(), ' et après')
  expect(correction()).toHaveValue('à corriger demain et après')
})

test('an edit that was just opened shows the message’s text after a reload as well', async () => {
  const first = await show()
  await first.act('à corriger', 'Modifier')
  cleanup()
  await show()
  await waitFor(() => {
    expect(correction()).toHaveValue('à corriger')
  })
})

test('an edit and a reply are kept while another conversation is open', async () => {
  const { user, open, act } = await show()
  await act('à corriger', 'Modifier')
  await user.type(correction(), ' demain')
  await open(/^Élodie/)
  expect(composer()).toHaveValue('')
  await open(/^Jérôme Lefèvre/)
  expect(correction()).toHaveValue('à corriger demain')
  await user.click(screen.getByRole('button', { name: 'Annuler la modification' }))

  await act('Message 10', 'Répondre')
  await user.type(composer(), 'Oui')
  await open(/^Élodie/)
  await open(/^Jérôme Lefèvre/)
  await user.type(composer(), '{Enter}')
  expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ message: 'Oui', reply_to: 10 }])
  await open(/^Élodie/)
  await open(/^Jérôme Lefèvre/)
  await user.type(composer(), 'Autre chose{Enter}')
  expect(MockSocket.last.sentOf('chat_message')[1]).not.toHaveProperty('reply_to')
})

test('a reply that another tab has sent is over in this one as well', async () => {
  const { user, act } = await show()
  await act('Message 10', 'Répondre')
  expect(screen.getByText('Réponse à Jérôme Lefèvre')).toBeVisible()
  fireEvent(window, new StorageEvent('storage', { key: 'messagerie.intent.1.7', newValue: null }))
  expect(screen.queryByText('Réponse à Jérôme Lefèvre')).not.toBeInTheDocument()
  await user.type(composer(), 'Autre chose{Enter}')
  expect(MockSocket.last.sentOf('chat_message')[0]).not.toHaveProperty('reply_to')
})

test('the edit of a message that is deleted in the meantime can be sent as a new message', async () => {
  const { user, act } = await show()
  await act('à corriger', 'Modifier')
  await user.type(correction(), ' demain')
  MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: 11 })
  const field = screen.getByRole('textbox', { name: 'Ce message a été supprimé entre-temps' })
  expect(field).toHaveValue('à corriger demain')
  await user.click(screen.getByRole('button', { name: 'Envoyer comme nouveau message' }))
  await waitFor(() => {
    expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ message: 'à corriger demain' }])
  })
  expect(composer()).toHaveValue('')
})

test.each([
  ['among those one sees', [aMessage(10), own]],
  ['further up', [aMessage(40)]],
])('so does it where the server says first that it was deleted: %s', async (_, loaded) => {
  const begun = await show()
  await begun.act('à corriger', 'Modifier')
  await begun.user.type(correction(), ' demain')
  cleanup()
  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { status: 409, body: { status: 409, code: 'message_deleted', message: '', data: {} } })
  const { user } = await show(loaded)
  await user.click(screen.getByRole('button', { name: 'Enregistrer' }))
  await user.click(await screen.findByRole('button', { name: 'Envoyer comme nouveau message' }))
  expect(MockSocket.last.sentOf('chat_message')).toMatchObject([{ message: 'à corriger demain' }])
})

test('a refused reply can be rewritten as a reply, beside the draft, or discarded', async () => {
  const { user, act } = await show()
  await act('Message 10', 'Répondre')
  await user.type(composer(), 'Réponse{Enter}')
  const refuse = () => {
    const clientId = MockSocket.last.sentOf('chat_message').at(-1)?.client_id ?? ''
    MockSocket.last.receive({ type: 'error', code: 'internal', message: '', conversation_id: 7, client_id: clientId })
  }
  refuse()
  await user.type(composer(), 'un brouillon')
  await user.click(within(bubble('Réponse')).getByRole('button', { name: /^Modifier :/ }))
  await user.type(screen.getByRole('textbox', { name: 'Message non envoyé' }), ' claire{Enter}')
  const [first, second] = MockSocket.last.sentOf('chat_message')
  expect(second).toMatchObject({ message: 'Réponse claire', reply_to: 10 })
  expect(second?.client_id).not.toBe(first?.client_id)
  expect(composer()).toHaveValue('un brouillon')

  refuse()
  await user.click(within(bubble('Réponse claire')).getByRole('button', { name: /^Modifier :/ }))
  await user.type(screen.getByRole('textbox', { name: 'Message non envoyé' }), ' ou non')
  await user.click(within(bubble('Réponse claire')).getByRole('button', { name: /^Supprimer :/ }))
  expect(composer()).toHaveValue('un brouillon')
  expect(screen.queryByText('Réponse claire', { selector: '.bubble-text' })).not.toBeInTheDocument()
  expect(Object.keys(localStorage)).toEqual(['messagerie.draft.1.7'])
})

test('the up arrow in an empty field edits one’s last message, stored or refused', async () => {
  const { user } = await show([aMessage(10), own, aMessage(12, { sender_id: claire.id, content: '', deleted: true }), aMessage(13)])
  await user.type(composer(), 'x{ArrowUp}{Backspace}{ArrowUp}')
  expect(correction()).toHaveValue('à corriger')
  await user.keyboard('{Escape}')

  await user.type(composer(), 'refusé{Enter}{ArrowUp}')
  expect(composer()).toBeVisible() // it is being sent
  const clientId = MockSocket.last.sentOf('chat_message').at(-1)?.client_id ?? ''
  MockSocket.last.receive({ type: 'error', code: 'internal', message: '', conversation_id: 7, client_id: clientId })
  await user.type(composer(), '{ArrowUp}')
  expect(screen.getByRole('textbox', { name: 'Message non envoyé' })).toHaveValue('refusé')
})
