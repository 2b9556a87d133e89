import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { chooseLanguage, type Language } from '../i18n/i18n'
import { mockFetch } from '../testing/mockFetch'
import { settled } from '../testing/settled'

const confirm = /\/confirm-email-change$/

beforeEach(() => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège Jean-Moulin', logo: '' } })
  mockFetch.on('POST', confirm, { status: 204 })
})

async function open() {
  window.history.replaceState(null, '', '/confirm-address/the.letter.token')
  render(<App />)
  await screen.findByRole('heading', { name: 'Confirmer votre adresse' })
  await settled()
}

const password = () => screen.getByLabelText('Mot de passe de votre compte')
const refusal = (data: object) => ({ status: 400, body: { status: 400, code: 'invalid_request', message: '', data } })

test('the mail’s link and the password confirm an address', async () => {
  await open()
  expect(password()).toHaveFocus()
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent('Votre adresse est confirmée.')
  expect(mockFetch.requestsTo(confirm)[0]?.body).toEqual({ token: 'the.letter.token', password: 'un mot bien à moi' })
  expect(mockFetch.requestsTo(confirm)[0]?.headers.Authorization).toBeUndefined()
  await userEvent.click(screen.getByRole('link', { name: 'Retour à la connexion' }))
  expect(await screen.findByRole('textbox', { name: 'Adresse e-mail ou identifiant' })).toBeVisible()
})

test('a missing or wrong password is said at the field, and can be corrected', async () => {
  mockFetch.on('POST', confirm, refusal({ password: { code: 'validation_invalid_password' } }))
  await open()
  await userEvent.type(password(), '{Enter}')
  expect(password()).toHaveAccessibleDescription('Indiquez votre mot de passe.')
  expect(mockFetch.requestsTo(confirm)).toEqual([])
  await userEvent.type(password(), 'un autre{Enter}')
  await settled()
  expect(password()).toHaveAccessibleDescription('Ce mot de passe est incorrect.')
  expect(password()).toHaveFocus()
  mockFetch.on('POST', confirm, { status: 204 })
  await userEvent.clear(password())
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent('Votre adresse est confirmée.')
})

test('a link that is too old or was used says so', async () => {
  // The server can't compare a password without an account.
  mockFetch.on('POST', confirm, refusal({ token: { code: 'validation_invalid_token' }, password: { code: 'validation_invalid_password' } }))
  await open()
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Ce lien n’est plus valable')
  expect(screen.queryByLabelText('Mot de passe de votre compte')).not.toBeInTheDocument()
})

test.each([
  [{ status: 429, headers: { 'Retry-After': '45' } }, 'Trop de tentatives. Réessayez dans 45 secondes.'],
  [{ status: 502 }, 'Pas de connexion au serveur.'],
])('%j: "%s"', async (answer, text) => {
  mockFetch.on('POST', confirm, answer)
  await open()
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent(text)
  expect(screen.getByRole('button', { name: 'Confirmer mon adresse' })).toBeEnabled()
})

test.each<[Language, string]>([
  ['en', 'Confirm your address'],
  ['ar', 'تأكيد العنوان'],
])('it is in the language of the page: %s', async (language, title) => {
  await open()
  await act(() => chooseLanguage(language))
  expect(screen.getByRole('heading', { name: title })).toBeVisible()
  await act(() => chooseLanguage('fr'))
})
