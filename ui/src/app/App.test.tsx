import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { chooseLanguage } from '../i18n/i18n'
import { aConversation, aMe, aMessage, claire, elodie } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'
import { App } from './App'

beforeEach(() => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\//, { body: [aMessage(10)] })
  mockFetch.on('POST', /auth-with-password$/, { body: { token: 'new-token', record: {} } })
  mockFetch.on('POST', /auth-refresh$/, { body: { token: 'fresh-token', record: {} } })
})

async function restore(path = '/') {
  localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', path)
  render(<App />)
  await settled()
}
const email = () => screen.getByRole('textbox', { name: 'Adresse e-mail ou identifiant' })
const password = () => screen.getByLabelText('Mot de passe')
const submit = () => screen.getByRole('button', { name: 'Se connecter' })

test('writing to somebody for the first time has an address, which works with a reload and the back button', async () => {
  mockFetch.on('GET', /\/search\/123\/$/, { body: [elodie] })
  mockFetch.on('POST', /\/conversations\/create\/$/, { status: 201, body: aConversation({ conversation_id: 9, participants: [claire, elodie] }) })
  const field = () => screen.getByRole('textbox', { name: 'Message à Élodie Garçon' })
  await restore()
  await userEvent.type(screen.getByRole('searchbox'), 'él')
  await userEvent.click(await screen.findByRole('button', { name: /^Élodie/ }))
  expect(window.location.pathname).toBe('/to/3')
  await userEvent.type(field(), 'Je voulais')

  cleanup()
  await restore('/to/3')
  expect(field()).toHaveValue('Je voulais')
  await userEvent.click(screen.getByRole('button', { name: /^Jérôme/ }))
  expect(window.location.pathname).toBe('/c/7')
  expect(screen.getByRole('button', { name: /^Élodie/ })).toHaveTextContent('Brouillon : Je voulais')
  act(() => {
    window.history.back()
  })
  await waitFor(() => {
    expect(field()).toHaveValue('Je voulais')
  })

  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await userEvent.type(field(), '{Enter}')
  const length = window.history.length
  await waitFor(() => {
    expect(window.location.pathname).toBe('/c/9')
  })
  expect(window.history.length).toBe(length)
  expect(field()).toHaveValue('')
})

test('an address of somebody unknown to this device says so', async () => {
  await restore('/to/5')
  expect(screen.getByText('Cette conversation n’existe pas, ou n’est pas la vôtre.')).toBeVisible()
})

describe('the login page', () => {
  test('is shown to a stranger, with the focus in its first field', async () => {
    render(<App />)
    expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
    expect(email()).toHaveFocus()
    expect(email()).toHaveAttribute('autocomplete', 'username')
    expect(password()).toHaveAttribute('autocomplete', 'current-password')
  })

  test('logs in and stores the token', async () => {
    render(<App />)
    await userEvent.type(email(), 'claire@exemple.fr')
    await userEvent.type(password(), 'secret{Enter}')
    expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
    await settled()
    expect(mockFetch.requestsTo(/auth-with-password$/)[0]?.body).toEqual({ identity: 'claire@exemple.fr', password: 'secret' })
    expect(localStorage.getItem('messagerie.token')).toBe('fresh-token')
  })

  test('shows what is missing, at the field', async () => {
    render(<App />)
    await userEvent.click(submit())
    expect(email()).toHaveAccessibleDescription('Indiquez votre adresse e-mail ou votre identifiant.')
    await userEvent.type(email(), 'claire@exemple.fr{Enter}')
    expect(password()).toHaveAccessibleDescription('Indiquez votre mot de passe.')
    expect(password()).toHaveFocus()
  })

  test.each([
    [{ status: 400 }, 'L’identifiant ou le mot de passe est incorrect.'],
    [{ status: 403 }, 'Ce compte est désactivé. Adressez-vous à votre établissement.'],
    [{ status: 429, headers: { 'Retry-After': '30' } }, 'Trop de tentatives. Réessayez dans 30 secondes.'],
    [{ status: 429 }, 'Trop de tentatives. Réessayez dans quelques instants.'],
    [{ status: 502 }, 'Pas de connexion au serveur.'],
  ])('answers %j with "%s"', async (answer, text) => {
    mockFetch.on('POST', /auth-with-password$/, answer)
    render(<App />)
    await userEvent.type(email(), 'claire@exemple.fr')
    await userEvent.type(password(), 'faux{Enter}')
    expect(await screen.findByRole('alert')).toHaveTextContent(text)
    expect(submit()).toBeEnabled()
  })

  test('can show the password', async () => {
    render(<App />)
    await userEvent.click(screen.getByRole('button', { name: 'Afficher le mot de passe' }))
    expect(password()).toHaveAttribute('type', 'text')
    await userEvent.click(screen.getByRole('button', { name: 'Masquer le mot de passe' }))
    expect(password()).toHaveAttribute('type', 'password')
  })

  test.each([
    ['English', 'Log in', 'en', 'ltr'],
    ['العربية', 'تسجيل الدخول', 'ar', 'rtl'],
  ])('speaks %s too', async (name, title, lang, dir) => {
    render(<App />)
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Langue' }), name)
    expect(await screen.findByRole('heading', { name: title })).toBeVisible()
    expect(document.documentElement).toHaveAttribute('lang', lang)
    expect(document.documentElement).toHaveAttribute('dir', dir)
    await act(() => chooseLanguage('fr'))
    expect(document.documentElement).toHaveAttribute('dir', 'ltr')
  })
})

describe('the session', () => {
  test('is restored on a reload', async () => {
    await restore('/c/7')
    MockSocket.last.open()
    expect(MockSocket.last.protocols).toEqual(['messagerie', 'a-token'])
    expect(screen.getByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeVisible()
  })

  test('waits for a server that does not respond', async () => {
    mockFetch.on('GET', /\/me\/$/, { status: 502 })
    await restore()
    expect(screen.getByRole('alert')).toHaveTextContent('Le serveur ne répond pas')
    mockFetch.on('GET', /\/me\/$/, { body: aMe() })
    await userEvent.click(screen.getByRole('button', { name: 'Réessayer' }))
    expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
  })

  test('ends with a 401, and says so', async () => {
    mockFetch.on('GET', /\/me\/$/, { status: 401 })
    await restore()
    expect(screen.getByRole('status')).toHaveTextContent('Votre session a expiré.')
    // A second reload still knows the reason.
    expect(localStorage.getItem('messagerie.token')).toBe('a-token')
  })

  test('ends if the account is disabled, and the draft stays', async () => {
    await restore('/c/7')
    MockSocket.last.open()
    MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
    await userEvent.type(screen.getByRole('textbox', { name: 'Message à Jérôme Lefèvre' }), 'à moitié écr')
    MockSocket.last.closeWith(4403)
    expect(await screen.findByRole('status')).toHaveTextContent(/^Ce compte est désactivé/)

    await userEvent.type(email(), 'claire@exemple.fr')
    await userEvent.type(password(), 'secret{Enter}')
    expect(await screen.findByRole('textbox', { name: 'Message à Jérôme Lefèvre' })).toHaveValue('à moitié écr')
    await settled()
  })

  test('ends without a reason on log-out', async () => {
    await restore()
    await userEvent.click(screen.getByRole('button', { name: 'Mon compte' }))
    await userEvent.click(screen.getByRole('button', { name: 'Se déconnecter' }))
    expect(screen.getByRole('heading', { name: 'Connexion' })).toBeVisible()
    expect(screen.queryByRole('status')).toBeNull()
    expect(localStorage.getItem('messagerie.token')).toBeNull()
  })
})

test('someone of two establishments chooses where to search', async () => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ establishments: [{ id: 123, name: 'Collège' }, { id: 124, name: 'Lycée' }] }) })
  mockFetch.on('GET', /\/search\//, { body: [] })
  await restore()
  await userEvent.click(screen.getByRole('button', { name: 'Mon compte' }))
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Établissement' }), 'Lycée')
  await userEvent.type(screen.getByRole('searchbox', { name: 'Rechercher' }), 'zz')
  expect(await screen.findByText('Aucune conversation ni aucun contact pour « zz »')).toBeVisible()
  expect(mockFetch.requestsTo(/\/search\//).map((request) => request.url.pathname)).toEqual(['/api/messagerie/search/124/'])
})

test('the title shows how many messages are unread, except for muted ones', async () => {
  await restore()
  MockSocket.last.open()
  const conversations = [aConversation({ unread_count: 2 }), aConversation({ conversation_id: 8, unread_count: 5, muted: true })]
  MockSocket.last.receive({ type: 'conversations_list', conversations, complete: true })
  expect(document.title).toBe('(2) Messages')
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  expect(document.title).toBe('Messages')
})

test('a conversation has an address, and the back button leads to the list', async () => {
  await restore()
  await userEvent.click(screen.getByRole('button', { name: /^Jérôme Lefèvre/ }))
  await settled()
  expect(window.location.pathname).toBe('/c/7')
  expect(screen.getByRole('region', { name: 'Conversation avec Jérôme Lefèvre' })).toBeVisible()
  act(() => {
    window.history.replaceState(null, '', '/')
    window.dispatchEvent(new PopStateEvent('popstate'))
  })
  expect(screen.queryByRole('region', { name: /^Conversation avec/ })).toBeNull()
})
