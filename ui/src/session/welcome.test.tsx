import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { chooseLanguage } from '../i18n/i18n'
import { aConversation, aMe, aToken } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { settled } from '../testing/settled'
import { plainCode, readInvitation } from './invitation'

const welcome = /\/welcome\/$/

beforeEach(() => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège Jean-Moulin', logo: '' } })
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ email: '', username: 'claire.martin' }) })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('POST', welcome, { body: { token: aToken(1), record: {} } })
})

async function open(address: string) {
  window.history.replaceState(null, '', address)
  render(<App />)
  await screen.findByRole('heading', { name: 'Bienvenue' })
  await settled()
}

const username = () => screen.getByRole('textbox', { name: 'Identifiant' })
const code = () => screen.getByRole('textbox', { name: 'Code d’accès' })
const password = () => screen.getByLabelText('Votre mot de passe')
const email = () => screen.getByRole('textbox', { name: 'Adresse e-mail (facultatif)' })
const submit = () => screen.getByRole('button', { name: 'Ouvrir la messagerie' })

test('a scanned letter fills in everything but the password, and leaves nothing in the address', async () => {
  const length = window.history.length
  await open('/welcome#u=claire.martin&c=K7PM-29QX-HD4T')
  expect(username()).toHaveValue('claire.martin')
  expect(code()).toHaveValue('K7PM-29QX-HD4T')
  expect(password()).toHaveFocus()
  expect(window.location.href).toBe('http://localhost/welcome')
  expect(window.history.length).toBe(length)
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  await settled()
  expect(mockFetch.requestsTo(welcome)[0]?.body).toEqual({ username: 'claire.martin', code: 'K7PM29QXHD4T', password: 'un mot bien à moi' })
  expect(mockFetch.requestsTo(welcome)[0]?.headers.Authorization).toBeUndefined()
  expect(window.location.pathname).toBe('/')
  expect(localStorage.getItem('messagerie.token')).toBe(aToken(1))
  // The log-in page knows what this person logs in with.
  expect(localStorage.getItem('messagerie.email')).toBe('claire.martin')
})

test('another letter can be scanned while the page is open', async () => {
  await open('/welcome')
  expect(username()).toHaveFocus()
  act(() => {
    window.history.replaceState(null, '', '/welcome#u=adam.benali&c=ABCD')
    window.dispatchEvent(new Event('hashchange'))
  })
  expect(username()).toHaveValue('adam.benali')
  expect(window.location.hash).toBe('')
})

test.each(['k7pm 29qx hd4t', ' K7PM–29QX–HD4T ', 'k7pm29qxhd4t', 'K7PM.29QX_HD4T'])('a code typed as "%s" is the one of the letter', (typed) => {
  expect(plainCode(typed)).toBe('K7PM29QXHD4T')
})

test('a letter’s fragment may be strange', () => {
  expect(readInvitation('')).toEqual({ username: '', code: '' })
  expect(readInvitation('#u=a%2Bb%40exemple.fr&c=AB%20C&x=1')).toEqual({ username: 'a+b@exemple.fr', code: 'AB C' })
})

test('what is missing is said at the field', async () => {
  await open('/welcome')
  await userEvent.click(submit())
  expect(username()).toHaveAccessibleDescription('Indiquez l’identifiant qui figure sur votre lettre.')
  await userEvent.type(username(), 'claire.martin{Enter}')
  expect(code()).toHaveAccessibleDescription(/^Indiquez le code d’accès/)
  expect(code()).toHaveFocus()
  await userEvent.type(code(), 'k7pm{Enter}')
  expect(password()).toHaveAccessibleDescription(/^Il faut au moins 8 caractères/)
  await userEvent.type(password(), 'un mot bien à moi')
  await userEvent.type(email(), 'claire{Enter}')
  expect(email()).toHaveAccessibleDescription(/^Cette adresse e-mail est incomplète/)
  expect(mockFetch.requestsTo(welcome)).toEqual([])
})

const refusal = (code: string, data = {}) => ({ status: 400, body: { status: 400, code, message: '', data } })

test.each([
  [refusal('invalid_access_code'), code, /^Ce code n’est pas valable pour cet identifiant/],
  [refusal('invalid_request', { password: { code: 'password_too_common' } }), password, /l’un des plus répandus/],
  [refusal('invalid_request', { email: { code: 'validation_not_unique' } }), email, /^Cette adresse e-mail n’est pas acceptée/],
])('a refusal %j is shown at its field, which gets the focus', async (answer, field, text) => {
  mockFetch.on('POST', welcome, answer)
  await open('/welcome#u=claire.martin&c=K7PM')
  await userEvent.type(email(), 'claire@exemple.fr')
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  await settled()
  expect(field()).toHaveAccessibleDescription(text)
  expect(field()).toHaveFocus()
  expect(password()).toHaveValue('un mot bien à moi')
})

test.each([
  [{ status: 429, headers: { 'Retry-After': '45' } }, 'Trop de tentatives. Réessayez dans 45 secondes.'],
  [{ status: 502 }, 'Pas de connexion au serveur. Rien n’est perdu : réessayez quand le réseau sera revenu.'],
])('%j: "%s"', async (answer, text) => {
  mockFetch.on('POST', welcome, answer)
  await open('/welcome#u=claire.martin&c=K7PM')
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent(text)
  expect(submit()).toBeEnabled()
})

test.each([
  ['to_confirm', 'Un courriel de confirmation vous attend à l’adresse claire@exemple.fr'],
  ['mail_unavailable', 'Cet établissement n’envoie pas de courriels : l’adresse claire@exemple.fr n’a pas été enregistrée.'],
])('what becomes of an address is said before the messages open: %s', async (outcome, text) => {
  mockFetch.on('POST', welcome, { body: { token: aToken(1), record: {}, meta: { email: outcome } } })
  await open('/welcome#u=claire.martin&c=K7PM')
  await userEvent.type(email(), 'claire@exemple.fr')
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent(text)
  expect(mockFetch.requestsTo(welcome)[0]?.body).toMatchObject({ email: 'claire@exemple.fr' })
  await userEvent.click(submit())
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  await settled()
})

test('if the connection is lost right after, the used code isn’t needed again', async () => {
  await open('/welcome#u=claire.martin&c=K7PM')
  mockFetch.on('GET', /\/me\/$/, { status: 502 })
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Pas de connexion au serveur.')
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  await userEvent.click(submit())
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  await settled()
  expect(mockFetch.requestsTo(welcome)).toHaveLength(1)
})

test('on a device where somebody else is logged in, it says who, and their texts are erased only when that is wanted', async () => {
  localStorage.setItem('messagerie.token', aToken(9))
  localStorage.setItem('messagerie.draft.9.7', 'à moitié')
  mockFetch.on('GET', /\/me\/$/, ({ headers }) => ({
    body: headers.Authorization === `Bearer ${aToken(9)}` ? aMe({ id: 9, first_name: 'Fatima', last_name: 'Benali' }) : aMe(),
  }))
  await open('/welcome#u=claire.martin&c=K7PM')
  expect(screen.getByRole('status')).toHaveTextContent('Cet appareil est connecté au compte de Fatima Benali.')
  await userEvent.type(password(), 'un mot bien à moi{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent(/1 texte non envoyé/)
  expect(localStorage.getItem('messagerie.token')).toBe(aToken(9))
  await userEvent.click(screen.getByRole('button', { name: 'Effacer et se connecter' }))
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  await settled()
  expect(localStorage.getItem('messagerie.token')).toBe(aToken(1))
  expect(localStorage.getItem('messagerie.draft.9.7')).toBeNull()
})

test('somebody who has chosen a password already goes to the log-in page, and may log in with the username', async () => {
  mockFetch.on('POST', /auth-with-password$/, { body: { token: aToken(1), record: {} } })
  await open('/welcome')
  await userEvent.click(screen.getByRole('link', { name: 'J’ai déjà choisi mon mot de passe' }))
  const field = await screen.findByRole('textbox', { name: 'Adresse e-mail ou identifiant' })
  expect(field).toHaveAttribute('inputmode', 'email')
  await userEvent.type(field, 'claire.martin')
  await userEvent.type(screen.getByLabelText('Mot de passe'), 'secret{Enter}')
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  await settled()
  expect(mockFetch.requestsTo(/auth-with-password$/)[0]?.body).toEqual({ identity: 'claire.martin', password: 'secret' })
})

test('in Arabic it runs from right to left, and codes from left to right', async () => {
  await open('/welcome#u=claire.martin&c=K7PM')
  await act(() => chooseLanguage('ar'))
  expect(screen.getByRole('heading', { name: 'مرحبًا' })).toBeVisible()
  expect(screen.getByRole('textbox', { name: 'رمز الدخول' })).toHaveAttribute('dir', 'ltr')
  await act(() => chooseLanguage('fr'))
})
