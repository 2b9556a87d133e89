import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { aMessage, claire, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { act, menuOf, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'

const trip = { content: 'La sortie est avancée', sender_id: jerome.id }
const staffOnly = { posting: 'staff', can_write: false, cannot_write: 'staff_only' } as const
const field = () => screen.findByRole('textbox', { name: 'Message à Jérôme Lefèvre' })

test('where only staff write, an author is answered in private', async () => {
  mockFetch.on('GET', /\/search\/123\/$/, { body: [jerome] })
  await openGroup([aMessage(10, trip)], staffOnly)
  expect(await screen.findByText(/Seul le personnel de l’établissement peut écrire/)).toBeVisible()
  await act(trip.content, 'Répondre en privé')
  const panel = await screen.findByRole('dialog', { name: 'Jérôme Lefèvre' })
  await userEvent.click(await within(panel).findByRole('button', { name: 'Écrire un message' }))
  await settled()
  expect(await field()).toBeInTheDocument()
  expect(window.location.pathname).toBe(`/to/${jerome.id}`)
})

test('an author to whom one may not write is shown with the reason', async () => {
  mockFetch.on('GET', /\/search\/123\/$/, { body: [] })
  await openGroup([aMessage(10, trip)], staffOnly)
  await act(trip.content, 'Répondre en privé')
  const panel = await screen.findByRole('dialog', { name: 'Jérôme Lefèvre' })
  expect(await within(panel).findByText(/ne vous permettent pas de commencer une conversation avec cette personne/)).toBeVisible()
  expect(within(panel).queryByRole('button', { name: 'Écrire un message' })).toBeNull()
})

test('one’s own message, and one by somebody who has left, can’t be answered in private', async () => {
  await openGroup([aMessage(10, { content: 'De moi', sender_id: claire.id }), aMessage(11, { content: 'De personne', sender_id: 99 })])
  for (const text of ['De moi', 'De personne']) {
    const menu = await menuOf(text)
    expect(within(menu).queryByRole('menuitem', { name: 'Répondre en privé' })).toBeNull()
    await userEvent.keyboard('{Escape}')
    await settled()
  }
})
