import { screen, within } from '@testing-library/react'
import { copyText } from '../lib/copyText'
import { aMessage } from '../testing/factories'
import { act, menuOf, openGroup } from '../testing/openChat'

jest.mock('../lib/copyText', () => ({ copyText: jest.fn(() => Promise.resolve(true)) }))

test('a link to a message is copied from its menu, and that is said', async () => {
  await openGroup([aMessage(41, { content: 'Rendez-vous à 8 h.' })])
  await act('Rendez-vous à 8 h.', 'Copier le lien')
  expect(copyText).toHaveBeenCalledWith('http://localhost/c/7?m=41')
  expect(await screen.findByText('Copié')).toBeVisible()
})

test('the menu is in one order, and offers what the message allows', async () => {
  await openGroup([aMessage(41, { content: 'Rendez-vous à 8 h.' })])
  const menu = await menuOf('Rendez-vous à 8 h.')
  const names = within(menu).getAllByRole('menuitem').map((item) => item.textContent)
  expect(names).toEqual(['Répondre', 'Répondre en privé', 'Copier', 'Transférer', 'Copier le lien', 'Épingler'])
})

test('a server without pins isn’t asked for them', async () => {
  await openGroup([aMessage(41, { content: 'Rendez-vous à 8 h.', edited_at: '2026-09-01T09:00:00.000Z', sender_id: 1 })], { pinned_messages: undefined })
  const menu = await menuOf('Rendez-vous à 8 h.')
  const names = within(menu).getAllByRole('menuitem').map((item) => item.textContent)
  expect(names).toEqual(['Répondre', 'Copier', 'Transférer', 'Copier le lien', 'Modifier', 'Supprimer'])
})
