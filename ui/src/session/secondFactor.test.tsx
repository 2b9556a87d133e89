import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { aConversation, aMe } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { SecondFactorSettings } from './SecondFactorSettings'

const loginPath = /\/second-factor\/log-in\/$/
const refused = (code: string, data = {}) => ({ status: code === 'second_factor_needed' ? 401 : 400, body: { status: 400, code, message: '', data } })

beforeEach(() => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '' } })
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ second_factor: 'on' }) })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('POST', /auth-with-password$/, refused('second_factor_needed', { challenge: 'a-challenge' }))
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  window.history.replaceState(null, '', '/')
})

async function logIn() {
  render(<App />)
  await userEvent.type(await screen.findByRole('textbox', { name: 'Adresse e-mail ou identifiant' }), 'claire@exemple.fr')
  await userEvent.type(screen.getByLabelText('Mot de passe'), 'secret{Enter}')
  await screen.findByRole('dialog', { name: 'Code de vérification' })
}

test('a log-in asks for the code after the password', async () => {
  await logIn()
  mockFetch.on('POST', loginPath, refused('invalid_second_factor'))
  await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '000000{Enter}')
  expect(await screen.findByText('Ce code est incorrect, ou a déjà servi.')).toBeVisible()
  mockFetch.on('POST', loginPath, { body: { token: 'new-token' } })
  await userEvent.clear(screen.getByRole('textbox', { name: 'Code' }))
  await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '123456{Enter}')
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  expect(mockFetch.requestsTo(loginPath).at(-1)?.body).toEqual({ challenge: 'a-challenge', code: '123456' })
  expect(localStorage.getItem('messagerie.token')).toBe('new-token')
})

test('giving up leads back to the log-in', async () => {
  await logIn()
  await userEvent.keyboard('{Escape}')
  expect(await screen.findByText('Sans code de vérification, la connexion ne peut pas aboutir.')).toBeVisible()
  expect(MockSocket.all).toHaveLength(0)
})

const setupPath = /\/second-factor\/$/

async function openRequired() {
  localStorage.setItem('messagerie.token', 'a-token')
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ second_factor: 'required' }) })
  render(<App />)
  await userEvent.type(await screen.findByLabelText('Mot de passe'), 'secret')
}

test('where it is required, setting it up comes before anything else', async () => {
  mockFetch.on('POST', setupPath, refused('invalid_password'))
  await openRequired()
  await userEvent.keyboard('{Enter}')
  expect(await screen.findByText('Ce mot de passe est incorrect.')).toBeVisible()
  mockFetch.on('POST', setupPath, { body: { secret: 'ABCDEFGHIJKLMNOP', uri: 'otpauth://totp/x?secret=ABCDEFGHIJKLMNOP' } })
  mockFetch.on('POST', /\/confirm\/$/, { body: { recovery_codes: ['AAAA-BBBB-CCCC', 'DDDD-EEEE-FFFF'] } })
  await userEvent.keyboard('{Enter}')
  expect(await screen.findByRole('img', { name: /^QR code/ })).toBeVisible()
  expect(mockFetch.requestsTo(setupPath).at(-1)?.body).toEqual({ password: 'secret' })
  expect(screen.getByText('ABCD EFGH IJKL MNOP')).toBeVisible()
  expect(MockSocket.all).toHaveLength(0)
  await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '123456{Enter}')
  expect(await screen.findByText('AAAA-BBBB-CCCC')).toBeVisible()
  const next = screen.getByRole('button', { name: 'Continuer' })
  expect(next).toBeDisabled()
  await userEvent.click(screen.getByRole('checkbox', { name: 'J’ai conservé ces codes.' }))
  await userEvent.click(next)
  await settled()
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
})

test('it goes on where another tab has set it up', async () => {
  mockFetch.on('POST', setupPath, refused('second_factor_on'))
  await openRequired()
  await userEvent.keyboard('{Enter}')
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
})

test('people who may have no password leave it empty after logging in through their provider', async () => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '', providers: [{ name: 'oidc', display_name: 'ENT' }] } })
  mockFetch.on('POST', setupPath, refused('invalid_password'))
  await openRequired()
  expect(await screen.findByText(/reconnectez-vous par ce service, puis revenez ici dans les dix minutes/)).toBeVisible()
  await userEvent.clear(screen.getByLabelText('Mot de passe'))
  await userEvent.click(screen.getByRole('button', { name: 'Continuer' }))
  // That was too long ago.
  await staysRefused('Continuer')
  expect(mockFetch.requestsTo(setupPath).at(-1)?.body).toEqual({ password: '' })
})

/** The reason is at the field, and the same answer isn't asked for again. */
async function staysRefused(button: string) {
  const field = screen.getByLabelText('Mot de passe')
  await waitFor(() => { expect(field).toHaveAccessibleDescription(/Déconnectez-vous, reconnectez-vous par ce service/) })
  expect(screen.getAllByText(/reconnectez-vous par ce service/)).toHaveLength(1)
  const { length } = mockFetch.requestsTo(setupPath)
  await userEvent.click(screen.getByRole('button', { name: button }))
  await settled()
  expect(mockFetch.requestsTo(setupPath)).toHaveLength(length)
  expect(field).toHaveAccessibleDescription(/reconnectez-vous par ce service/)
}

test('so it is where they turn it off', async () => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '', providers: [{ name: 'oidc', display_name: 'ENT' }] } })
  mockFetch.on('GET', setupPath, { body: { state: 'on', recovery_codes: 8 } })
  mockFetch.on('DELETE', setupPath, refused('invalid_password'))
  render(<SecondFactorSettings state="on" onChange={() => undefined} />)
  await userEvent.click(screen.getByRole('button', { name: 'Désactiver' }))
  await screen.findByText(/reconnectez-vous par ce service/)
  await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '123456{Enter}')
  await staysRefused('Désactiver')
})

test.each(['off', 'required'] as const)('turned off, it is what the server says: %s', async (state) => {
  mockFetch.on('DELETE', setupPath, { status: 204 })
  mockFetch.on('GET', setupPath, { body: { state, recovery_codes: 0 } })
  const onChange = jest.fn()
  render(<SecondFactorSettings state="on" onChange={onChange} />)
  await userEvent.click(screen.getByRole('button', { name: 'Désactiver' }))
  await userEvent.type(screen.getByLabelText('Mot de passe'), 'secret')
  await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '123456{Enter}')
  await waitFor(() => {
    expect(onChange).toHaveBeenCalledWith(state)
  })
})
