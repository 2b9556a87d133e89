import { cleanup, screen, waitFor } from '@testing-library/react'
import { aMessage } from '../../testing/factories'
import { composer, correction, outage, own, patches, show } from '../../testing/editing'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { settled } from '../../testing/settled'

test('an edit that failed because of the connection is saved over the next link', async () => {
  const { user, act } = await show()
  await act('à corriger', 'Modifier')
  await user.clear(correction())
  await outage(async () => {
    await user.type(correction(), 'corrigé{Enter}')
    expect(await screen.findByRole('alert')).toHaveTextContent('Pas encore enregistré : Pas de connexion au serveur.')
    mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { body: { ...own, content: 'corrigé', edited_at: '2026-09-01T10:00:00.000Z' } })
  })
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByText('modifié')).toBeVisible()
  expect(patches().slice(1)).toEqual([{ content: 'corrigé' }])
  expect(composer()).toHaveValue('')
})

test('an edit with an unknown outcome is saved again over the next link', async () => {
  const { user, act } = await show()
  await act('à corriger', 'Modifier')
  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { status: 503, body: { status: 503, code: 'outcome_unknown', message: '', data: {} } })
  await user.clear(correction())
  await user.type(correction(), 'corrigé{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('L’enregistrement n’a pas pu être confirmé.')

  await outage(() => {
    mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { body: { ...own, content: 'corrigé', edited_at: '2026-09-01T10:00:00.000Z' } })
    return Promise.resolve()
  })
  expect(await screen.findByText('modifié')).toBeVisible()
})

test('an edit that failed because of the connection is saved over the next link while another conversation is open, too', async () => {
  const { user, act, open } = await show()
  const saved = { body: { ...own, content: 'corrigé', edited_at: '2026-09-01T10:00:00.000Z' } }
  await act('à corriger', 'Modifier')
  await user.clear(correction())
  await outage(async () => {
    await user.type(correction(), 'corrigé{Enter}')
    await screen.findByRole('alert')
    await open(/^Élodie/)
    mockFetch.on('PATCH', /\/messages\/7\/11\/$/, saved)
  })
  expect(patches().slice(1)).toEqual([{ content: 'corrigé' }])
  expect(localStorage).toHaveLength(0)
  await open(/^Jérôme Lefèvre/)
  expect(composer()).toHaveValue('')
  expect(screen.getByText('modifié')).toBeVisible()
})

test('this also works after a reload, unless the text was being changed again', async () => {
  const begun = await show()
  await begun.act('à corriger', 'Modifier')
  await begun.user.type(correction(), ' demain{Enter}')
  await screen.findByRole('alert')
  await begun.user.type(correction(), ' ou')
  await begun.open(/^Élodie/)
  cleanup()
  const { open, user } = await show()
  await open(/^Élodie/)
  await outage(() => Promise.resolve())
  expect(patches()).toHaveLength(1)

  await open(/^Jérôme Lefèvre/)
  expect(correction()).toHaveValue('à corriger demain ou')
  await user.type(correction(), ' après{Enter}')
  await screen.findByRole('alert')
  cleanup()
  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { body: { ...own, content: 'à corriger demain ou après' } })
  await show()
  await waitFor(() => {
    expect(composer()).toHaveValue('')
  })
  // By the open conversation, or by the chat before it was opened.
  expect(new Set(patches().slice(2).map((body) => JSON.stringify(body)))).toEqual(new Set(['{"content":"à corriger demain ou après"}']))
})

test('an edit that is cancelled before saving fails stays cancelled', async () => {
  const { user, act, open } = await show()
  let fail = (): void => undefined
  const cut = new Promise<never>((_, reject) => {
    fail = () => {
      reject(new TypeError('cut'))
    }
  })
  mockFetch.on('PATCH', /\/messages\/7\/11\/$/, () => cut)
  await act('à corriger', 'Modifier')
  await user.type(correction(), ' demain{Enter}')
  await user.click(screen.getByRole('button', { name: 'Annuler la modification' }))
  await act('Message 10', 'Répondre')
  fail()
  await settled()
  expect(screen.getByText('Réponse à Jérôme Lefèvre')).toBeVisible()
  await open(/^Élodie/)
  await outage(() => Promise.resolve())
  expect(patches()).toHaveLength(1)
})

test('an edit that is refused over the next link keeps its text and shows why', async () => {
  const { user, act, open } = await show()
  await act('à corriger', 'Modifier')
  await outage(async () => {
    await user.type(correction(), ' demain{Enter}')
    await screen.findByRole('alert')
    await open(/^Élodie/)
    mockFetch.on('PATCH', /\/messages\/7\/11\/$/, { status: 403, body: { status: 403, code: 'forbidden', message: '', data: {} } })
  })
  await open(/^Jérôme Lefèvre/)
  expect(correction()).toHaveValue('à corriger demain')
  await waitFor(() => {
    expect(screen.getByRole('alert')).not.toHaveTextContent('Pas de connexion')
  })
})

test('an edit that was changed since, or whose message was deleted, isn’t sent automatically', async () => {
  const { user, act } = await show()
  await act('à corriger', 'Modifier')
  await outage(async () => {
    await user.type(correction(), ' demain{Enter}')
    await user.type(correction(), ' ou')
  })
  expect(screen.queryByRole('alert')).toBeNull()
  expect(correction()).toHaveValue('à corriger demain ou')
  await user.type(correction(), '{Enter}')
  await screen.findByRole('alert')
  MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: 11 })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [aMessage(10), { ...own, content: '', deleted: true }] })
  await outage(() => Promise.resolve())
  expect(patches()).toHaveLength(2)
  expect(MockSocket.last.sentOf('chat_message')).toEqual([])
  expect(screen.getByRole('textbox', { name: 'Ce message a été supprimé entre-temps' })).toHaveValue('à corriger demain ou')
})
