import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { chooseLanguage } from '../i18n/i18n'
import { aConversation, aMe } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { FormProblem } from './FormProblem'

const ownRecord = /\/users\/records\/0000000000000001$/
const ownPassword = /\/me\/password\/$/

beforeEach(() => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège Jean-Moulin', logo: '/api/files/logo.svg' } })
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\//, { body: [] })
  mockFetch.on('POST', /auth-with-password$/, { body: { token: 'new-token', record: {} } })
  mockFetch.on('POST', /auth-refresh$/, { body: { token: 'fresh-token', record: { emailVisibility: false } } })
  mockFetch.on('PATCH', ownRecord, { body: {} })
  mockFetch.on('POST', ownPassword, { body: { token: 'new-token' } })
  mockFetch.on('GET', /\/devices\/$/, { body: [] })
})

afterEach(() => {
  jest.useRealTimers()
})

async function open(path: string, isLoggedIn = false) {
  if (isLoggedIn) localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', path)
  render(<App />)
  await settled()
}

async function openProfile() {
  await open('/', true)
  await userEvent.click(screen.getByRole('button', { name: 'Mon compte' }))
  await userEvent.click(screen.getByRole('button', { name: 'Profil et réglages' }))
  await screen.findByRole('combobox', { name: 'Langue' })
  await settled()
}

test('the log-in page shows the school’s name and logo', async () => {
  await open('/')
  expect(screen.getByText('Collège Jean-Moulin')).toBeVisible()
  expect(document.querySelector('img')).toHaveAttribute('src', '/api/files/logo.svg')
})

test('after too many attempts there is a visible countdown, which is announced once', () => {
  jest.useFakeTimers()
  const onOver = jest.fn()
  render(<FormProblem problem={{ kind: 'locked', seconds: 2 }} onOver={onOver} />)
  const tick = () => {
    act(() => {
      jest.advanceTimersByTime(1000)
    })
  }
  tick()
  expect(screen.getByText(/dans 1 seconde\.$/)).toBeVisible()
  expect(screen.getByRole('alert')).toHaveTextContent('Réessayez dans 2 secondes.')
  tick()
  expect(onOver).toHaveBeenCalledTimes(1)
})

test('password fields warn about Caps Lock', async () => {
  await open('/')
  await userEvent.click(screen.getByLabelText('Mot de passe'))
  await userEvent.keyboard('{CapsLock}A')
  expect(screen.getByText('La touche Verr. Maj est activée.')).toBeVisible()
})

test('the title names the page; a typed address is kept between log-in and forgotten password', async () => {
  await open('/')
  expect(document.title).toBe('Connexion – Collège Jean-Moulin')
  const email = () => screen.getByRole('textbox', { name: /^Adresse e-mail/ })
  await userEvent.type(email(), 'claire@exemple.fr')
  await userEvent.click(screen.getByRole('link', { name: 'Mot de passe oublié ?' }))
  expect(await screen.findByRole('heading', { name: 'Mot de passe oublié' })).toBeVisible()
  expect(email()).toHaveValue('claire@exemple.fr')
  expect(document.title).toBe('Mot de passe oublié – Collège Jean-Moulin')
  await userEvent.click(screen.getByRole('link', { name: 'Retour à la connexion' }))
  expect(email()).toHaveValue('claire@exemple.fr')
  expect(screen.getByLabelText('Mot de passe')).toHaveFocus()
})

test('a forgotten password: the same response for every address', async () => {
  mockFetch.on('POST', /request-password-reset$/, { status: 204 })
  await open('/')
  await userEvent.click(screen.getByRole('link', { name: 'Mot de passe oublié ?' }))
  await userEvent.type(await screen.findByRole('textbox', { name: 'Adresse e-mail' }), 'claire@exemple.fr{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent('Si un compte existe pour cette adresse')
  expect(mockFetch.requestsTo(/request-password-reset$/)[0]?.body).toEqual({ email: 'claire@exemple.fr' })
})

test('if the school can’t send mail, the page says whom to ask', async () => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège Jean-Moulin', logo: '', password_reset: false } })
  await open('/forgot-password')
  expect(await screen.findByRole('status')).toHaveTextContent('Demandez une nouvelle lettre d’accès au secrétariat.')
  expect(screen.queryByRole('textbox')).toBeNull()
  expect(screen.getByRole('link', { name: 'Retour à la connexion' })).toBeVisible()
})

test('the same if mail was turned off in the meantime', async () => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège Jean-Moulin', logo: '', password_reset: true } })
  mockFetch.on('POST', /request-password-reset$/, { status: 503, body: { status: 503, code: 'mail_unavailable', message: '', data: {} } })
  await open('/forgot-password')
  await userEvent.type(await screen.findByRole('textbox', { name: 'Adresse e-mail' }), 'claire@exemple.fr{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent('Demandez une nouvelle lettre d’accès au secrétariat.')
})

test('the form is shown if the request for the school fails', async () => {
  mockFetch.on('GET', /\/school\/$/, { status: 500, body: {} })
  await open('/forgot-password')
  expect(await screen.findByRole('textbox', { name: 'Adresse e-mail' })).toHaveFocus()
})

test('the mail’s link sets a password, unless it is too old', async () => {
  mockFetch.on('POST', /confirm-password-reset$/, { status: 400, body: { status: 400, code: 'invalid_request', message: '', data: { token: {} } } })
  await open('/reset-password/the.letter.token')
  const field = await screen.findByLabelText('Nouveau mot de passe')
  expect(field).toHaveFocus()
  await userEvent.type(field, 'court{Enter}')
  expect(field).toHaveAccessibleDescription(/^Il faut au moins 8 caractères\./)
  await userEvent.type(field, ' mais long{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('Ce lien n’est plus valable')
  const password = 'court mais long'
  expect(mockFetch.requestsTo(/confirm/)[0]?.body).toEqual({ token: 'the.letter.token', password, passwordConfirm: password })
})

test('a reset doesn’t keep the temporary password', async () => {
  const unchanged = { password: { code: 'password_unchanged', message: '' } }
  mockFetch.on('POST', /confirm-password-reset$/, { status: 400, body: { status: 400, code: 'invalid_request', message: '', data: unchanged } })
  await open('/reset-password/the.letter.token')
  const field = await screen.findByLabelText('Nouveau mot de passe')
  await userEvent.type(field, 'provisoire{Enter}')
  expect(field).toHaveAccessibleDescription(/^Choisissez un mot de passe différent/)
})

test.each([
  ['password_too_common', /l’un des plus répandus/],
  ['password_is_personal', /à partir de votre nom ou de votre adresse/],
  ['a code of tomorrow', /n’est pas accepté/],
])('a password refused as %s is told apart', async (code, text) => {
  const body = { status: 400, code: 'invalid_request', message: '', data: { password: { code, message: '' } } }
  mockFetch.on('POST', /confirm-password-reset$/, { status: 400, body })
  await open('/reset-password/the.letter.token')
  const field = await screen.findByLabelText('Nouveau mot de passe')
  await userEvent.type(field, 'azertyuiop{Enter}')
  expect(field).toHaveAccessibleDescription(text)
  expect(field).toHaveFocus()
})

test('a temporary password is replaced before anything else, and typed once', async () => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ temporary_password: true }) })
  await open('/')
  await userEvent.type(screen.getByRole('textbox', { name: 'Adresse e-mail ou identifiant' }), 'claire@exemple.fr')
  await userEvent.type(screen.getByLabelText('Mot de passe'), 'provisoire{Enter}')
  expect(await screen.findByRole('heading', { name: 'Choisissez votre mot de passe' })).toBeVisible()
  expect(MockSocket.all).toHaveLength(0)
  const field = screen.getByLabelText('Nouveau mot de passe')
  await userEvent.type(field, 'provisoire{Enter}')
  expect(field).toHaveAccessibleDescription(/^Choisissez un mot de passe différent/)
  expect(mockFetch.requestsTo(ownPassword)).toEqual([])
  await userEvent.clear(field)
  await userEvent.type(field, 'bien à moi{Enter}')
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  await settled()
  expect(mockFetch.requestsTo(ownPassword)[0]?.body).toEqual({ old_password: 'provisoire', password: 'bien à moi' })
})

describe('the profile', () => {
  test('keeps the language and the visibility of the address on the server', async () => {
    mockFetch.on('GET', /\/me\/$/, { body: aMe({ role: 'parent' }) })
    await openProfile()
    await userEvent.click(screen.getByRole('checkbox', { name: /^Afficher mon adresse/ }))
    expect(await screen.findByText('Enregistré.')).toBeVisible()
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Langue' }), 'English')
    expect(await screen.findByRole('heading', { name: 'Profile and settings' })).toBeVisible()
    expect(mockFetch.requestsTo(ownRecord).map((request) => request.body)).toEqual([{ emailVisibility: true }, { locale: 'en' }])
    await act(() => chooseLanguage('fr'))
  })

  test.each(['admin', 'teacher', 'staff'] as const)('offers %s no choice without effect', async (role) => {
    mockFetch.on('GET', /\/me\/$/, { body: aMe({ role }) })
    await openProfile()
    expect(screen.queryByRole('checkbox', { name: /^Afficher mon adresse/ })).toBeNull()
    expect(screen.getByText(/^Votre adresse e-mail est visible de tous/)).toBeVisible()
  })

  test('a changed password closes the old socket and opens another one', async () => {
    await openProfile()
    MockSocket.last.open()
    mockFetch.on('POST', ownPassword, () => {
      MockSocket.last.closeWith(4401)
      return { body: { token: 'new-token' } }
    })
    await userEvent.type(screen.getByLabelText('Mot de passe actuel'), 'ancien')
    await userEvent.type(screen.getByLabelText('Nouveau mot de passe'), 'bien à moi{Enter}')
    expect(await screen.findByText(/^Mot de passe changé\./)).toBeVisible()
    expect(localStorage.getItem('messagerie.token')).toBe('new-token')
    expect(MockSocket.last.protocols).toEqual(['messagerie', 'new-token'])
  })

  test('a wrong current password is shown at its field', async () => {
    mockFetch.on('POST', ownPassword, { status: 400, body: { status: 400, code: 'invalid_password', message: '', data: {} } })
    await openProfile()
    await userEvent.type(screen.getByLabelText('Mot de passe actuel'), 'ancien')
    await userEvent.type(screen.getByLabelText('Nouveau mot de passe'), 'bien à moi{Enter}')
    expect(await screen.findByText('Le mot de passe actuel est incorrect.')).toBeVisible()
    expect(screen.getByLabelText('Mot de passe actuel')).toHaveFocus()
  })

  test('logs out all other devices and stays logged in', async () => {
    mockFetch.on('POST', /sign-out-everywhere\/$/, { body: { token: 'only-token' } })
    await openProfile()
    await userEvent.click(screen.getByRole('button', { name: 'Déconnecter tous les autres appareils' }))
    expect(await screen.findByText('Tous les autres appareils ont été déconnectés.')).toBeVisible()
    expect(localStorage.getItem('messagerie.token')).toBe('only-token')
  })

  test('notifications that the browser refuses stay off, with a hint', async () => {
    Object.assign(window, { Notification: { permission: 'denied', requestPermission: () => Promise.resolve('denied') } })
    await openProfile()
    await userEvent.click(screen.getByRole('radio', { name: 'Avec le texte du message' }))
    expect(await screen.findByText(/^Le navigateur bloque/)).toBeVisible()
    expect(screen.getByRole('radio', { name: 'Aucune' })).toBeChecked()
  })
})
