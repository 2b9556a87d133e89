import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import type { InvitationCounts } from '../protocol/invitations'
import { aMe, mayNothing } from '../testing/factories'
import { type MockAnswer, mockFetch } from '../testing/mockFetch'
import { aClass, nadia } from '../testing/rosterFactories'
import { settled } from '../testing/settled'

const invitations = /\/invitations\/123\/$/
const audience = /\/invitations\/123\/audience\/$/

const counts = (fields: Partial<InvitationCounts>): MockAnswer => ({
  body: {
    available: true, per_hour: 0, people: 30, joined: 0, no_address: 0, new: 0, waiting: 0, sent: 0, failed: 0, failures: [], ...fields,
  },
})

beforeEach(() => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ role: 'admin', can: { ...mayNothing, administer: true } }) })
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège', logo: '', password_reset: true } })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('GET', /\/classes\/123\/$/, { body: [aClass()] })
})

async function open() {
  localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', '/admin/letters')
  render(<App />)
  await screen.findByRole('heading', { level: 1, name: 'Lettres d’accès' })
  await settled()
}

async function chooseClass() {
  await open()
  await userEvent.click(screen.getByRole('radio', { name: /^Invitations par courriel/ }))
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Classe' }), '5e B (24 élèves)')
}

async function confirm(name: string) {
  await userEvent.click(within(await screen.findByRole('dialog', { name })).getByRole('button', { name: 'Envoyer les courriels' }))
}

test('who has an address is counted, then invited; the others need letters', async () => {
  mockFetch.on('POST', audience, counts({ new: 23, no_address: 4, joined: 3 }))
  await chooseClass()
  expect(await screen.findByText('à inviter')).toBeVisible()
  expect(screen.getByText('Pour les personnes sans adresse, imprimez des lettres.')).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Relancer/ })).toBeNull()
  mockFetch.on('POST', invitations, { status: 202, body: { invited: 23, results: [{ user: nadia, result: 'invited' }] } })
  mockFetch.on('POST', audience, counts({ waiting: 23, no_address: 4, joined: 3, per_hour: 5 }))
  await userEvent.click(screen.getByRole('button', { name: 'Inviter 23 personnes…' }))
  await confirm('Inviter 23 personnes ?')
  expect(await screen.findByText('23 invitations ont été préparées.')).toBeVisible()
  expect(mockFetch.requestsTo(invitations)[0]?.body).toEqual({ class_id: 5 })
  expect(await screen.findByText(/5 par heure : encore 5 heures environ/)).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Inviter/ })).toBeNull()
})

test('those who haven’t come can be reminded, and those whose mail came back are named', async () => {
  mockFetch.on('POST', audience, counts({ sent: 2, failed: 1, failures: [{ user: nadia, reason: '550 5.1.1 no such mailbox' }] }))
  await chooseClass()
  await userEvent.click(await screen.findByText('1 courriel n’a pas pu être remis'))
  expect(screen.getByText('550 5.1.1 no such mailbox')).toBeVisible()
  expect(screen.getByText('Nadia Benali')).toBeVisible()
  mockFetch.on('POST', invitations, { status: 202, body: { invited: 0, results: [{ user: nadia, result: 'queue_full' }] } })
  await userEvent.click(screen.getByRole('button', { name: 'Relancer 2 personnes…' }))
  await confirm('Relancer 2 personnes ?')
  expect(await screen.findByText(/Vous avez atteint le nombre de courriels d’une journée/)).toBeVisible()
  expect(mockFetch.requestsTo(invitations)[0]?.body).toEqual({ class_id: 5, again: true })
})

test('a refusal is shown, and can be tried again', async () => {
  mockFetch.on('POST', audience, counts({ new: 1 }))
  mockFetch.on('POST', invitations, { status: 503, body: { status: 503, code: 'mail_unavailable', message: '', data: {} } })
  await chooseClass()
  await userEvent.click(await screen.findByRole('button', { name: 'Inviter 1 personne…' }))
  await confirm('Inviter 1 personne ?')
  expect(await screen.findByRole('alert')).not.toBeEmptyDOMElement()
  expect(screen.getByRole('button', { name: 'Inviter 1 personne…' })).toBeEnabled()
})

test('without a mail server the choice is explained, not offered', async () => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège', logo: '', password_reset: false } })
  await open()
  expect(screen.getByRole('radio', { name: /^Invitations par courriel/ })).toBeDisabled()
  expect(screen.getByText(/^Cette messagerie n’envoie pas encore de courriels/)).toBeVisible()
})
