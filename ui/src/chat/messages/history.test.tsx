import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { aMe, aMessage, claire, mayNothing } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { act, menuOf, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'

const edited = aMessage(41, { sender_id: claire.id, content: 'À 9 h.', edited_at: '2026-09-01T09:30:00.000Z' })
const history = [
  { id: 1, content: 'À 7 h.', timestamp: '2026-09-01T08:00:00.000Z', edited_by: '' },
  { id: 2, content: 'À 8 h.', timestamp: '2026-09-01T09:00:00.000Z', edited_by: 'administration' },
]
const action = 'Voir les versions précédentes'

test('one’s own edited message shows what it said before, oldest first', async () => {
  await openGroup([edited])
  mockFetch.on('GET', /\/messages\/7\/41\/history\/$/, ({ url }) =>
    url.searchParams.get('cursor') === '1' ? { body: history.slice(1) } : { body: history.slice(0, 1), headers: { Link: '<?cursor=1>; rel="next"' } },
  )
  await act('À 9 h.', action)
  const dialog = await screen.findByRole('dialog', { name: 'Versions précédentes' })
  const versions = await within(dialog).findAllByRole('listitem')
  expect(versions.map((one) => one.querySelector('p')?.textContent)).toEqual(['À 7 h.', 'À 8 h.', 'À 9 h.'])
  expect(versions[0]).toHaveTextContent(/^Écrit le mardi 1er septembre 2026/)
  expect(versions[1]).toHaveTextContent(/^Écrit par l’administration le mardi 1er septembre 2026/)
  expect(versions[2]).toHaveTextContent('Version actuelle')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Fermer' }))
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

test('if they can’t be loaded the reason is said, and it can be tried again', async () => {
  await openGroup([edited])
  mockFetch.on('GET', /\/history\/$/, { status: 429, body: { status: 429, code: 'too_many_requests', message: '', data: {} } })
  await act('À 9 h.', action)
  const dialog = await screen.findByRole('dialog')
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Trop de demandes')
  mockFetch.on('GET', /\/history\/$/, { body: [] })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Réessayer' }))
  await settled()
  expect(dialog).toHaveTextContent('Aucune version précédente n’est conservée.')
})

test('who moderates reads it of others as well', async () => {
  await openGroup([{ ...edited, sender_id: 2 }], {}, [], aMe({ can: { ...mayNothing, moderate: true } }))
  expect(within(await menuOf('À 9 h.')).getByRole('menuitem', { name: action })).toBeVisible()
})

test('neither others’ messages nor unedited ones offer it', async () => {
  await openGroup([aMessage(41, { content: 'À 9 h.', edited_at: '2026-09-01T09:30:00.000Z' }), aMessage(42, { sender_id: claire.id, content: 'D’accord' })])
  for (const text of ['À 9 h.', 'D’accord']) {
    expect(within(await menuOf(text)).queryByRole('menuitem', { name: action })).toBeNull()
    await userEvent.keyboard('{Escape}')
    await settled()
  }
})

test('a press on “modifié” shows it as well, to those who may read it', async () => {
  await openGroup([edited, aMessage(42, { content: 'D’accord', edited_at: '2026-09-01T09:30:00.000Z' })])
  mockFetch.on('GET', /\/messages\/7\/41\/history\/$/, { body: history })
  expect(screen.getAllByText('modifié')).toHaveLength(2)
  await userEvent.click(screen.getByRole('button', { name: 'modifié' }))
  const dialog = await screen.findByRole('dialog', { name: 'Versions précédentes' })
  expect(await within(dialog).findAllByRole('listitem')).toHaveLength(3)
})

describe('on a touch screen', () => {
  beforeEach(() => {
    jest.spyOn(window, 'matchMedia').mockImplementation((media) => ({ media, matches: media.includes('hover: none'), addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList)
  })

  test('the text of a message can be selected in a dialog, and copied', async () => {
    const user = userEvent.setup()
    await openGroup([aMessage(41, { content: 'Le code est 1234, merci.' })])
    await act('Le code est 1234, merci.', 'Sélectionner le texte')
    const dialog = await screen.findByRole('dialog', { name: 'Sélectionner le texte' })
    const text = within(dialog).getByText('Le code est 1234, merci.').firstChild as Text
    // In jsdom the focus, which the dialog takes in the next frame, collapses the selection.
    await waitFor(() => { expect(text.parentElement?.parentElement).toHaveFocus() })
    window.getSelection()?.setBaseAndExtent(text, 12, text, 16)
    await user.click(within(dialog).getByRole('button', { name: 'Copier la sélection' }))
    expect(await navigator.clipboard.readText()).toBe('1234')
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull()
    })
  })
})
