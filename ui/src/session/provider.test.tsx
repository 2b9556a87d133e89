import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { App } from '../app/App'
import { leaveFor } from '../lib/leaveFor'
import { writeStored } from '../lib/storage'
import { aConversation, aMe, aToken, claire } from '../testing/factories'
import { type MockAnswer, mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'

jest.mock('../lib/leaveFor', () => ({ leaveFor: jest.fn() }))

const attemptKey = 'messagerie.attempt'
const tokenKey = 'messagerie.token'
const exchange = /auth-with-oauth2$/
const offer = {
  name: 'oidc',
  state: 'the-state',
  codeVerifier: 'the-verifier',
  authURL: 'https://ent.example/authorize?client_id=messagerie&redirect_uri=',
}

beforeEach(() => {
  jest.mocked(leaveFor).mockReset()
  answerSchool([{ name: 'oidc', display_name: 'ENT du collège' }])
  mockFetch.on('GET', /auth-methods$/, { body: { oauth2: { providers: [offer] } } })
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\//, { body: [] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  answerExchange({ body: { token: aToken(claire.id), record: {}, meta: { logout_url: '' } } })
})

function answerSchool(providers?: object[]) {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège Jean-Moulin', logo: '', ...(providers ? { providers } : {}) } })
}

function answerExchange(answer: MockAnswer) {
  mockFetch.on('POST', exchange, answer)
}

async function open(path: string) {
  window.history.replaceState(null, '', path)
  render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  await settled()
}

/** Back from the provider, after an attempt that was begun at a path. */
async function comeBack(query: string, path = '/') {
  sessionStorage.setItem(attemptKey, JSON.stringify({ provider: 'oidc', state: 'the-state', codeVerifier: 'the-verifier', path }))
  await open(`/login/callback?${query}`)
}

const list = () => screen.findByRole('button', { name: 'Mon compte' })
const refused = (status: number, code: string): MockAnswer => ({ status, body: { status, code, message: '', data: {} } })

test('the log-in page has a button for each provider, which leads to its page', async () => {
  answerSchool([{ name: 'oidc', display_name: 'ENT du collège' }, { name: 'google', display_name: 'Google' }])
  await open('/c/7')
  expect(await screen.findByRole('button', { name: 'Se connecter avec Google' })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Se connecter avec ENT du collège' }))
  expect(leaveFor).toHaveBeenCalledWith(offer.authURL + encodeURIComponent('http://localhost/login/callback'))
  expect(JSON.parse(sessionStorage.getItem(attemptKey) ?? '')).toEqual({ provider: 'oidc', state: 'the-state', codeVerifier: 'the-verifier', path: '/c/7' })
})

test('a provider without a name is the school’s', async () => {
  answerSchool([{ name: 'oidc', display_name: '' }])
  await open('/')
  expect(await screen.findByRole('button', { name: 'Se connecter avec le compte de l’établissement' })).toBeVisible()
})

test.each([[[]], [undefined]])('without providers there is only the form: %j', async (providers) => {
  answerSchool(providers)
  await open('/')
  expect(screen.getByRole('button', { name: 'Se connecter' })).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Se connecter avec/ })).toBeNull()
})

test('a provider that can’t be reached is reported, and can be tried again', async () => {
  mockFetch.on('GET', /auth-methods$/, { status: 503, body: {} })
  await open('/')
  const button = await screen.findByRole('button', { name: 'Se connecter avec ENT du collège' })
  await userEvent.click(button)
  expect(await screen.findByRole('alert')).toHaveTextContent('n’est pas disponible')
  expect(button).toBeEnabled()
  expect(leaveFor).not.toHaveBeenCalled()
})

test('back from the provider, the code is exchanged once, and the page is the one that was left', async () => {
  await comeBack('code=the-code&state=the-state', '/c/7')
  expect(await list()).toBeVisible()
  expect(mockFetch.requestsTo(exchange).map(({ body }) => body)).toEqual([
    { provider: 'oidc', code: 'the-code', codeVerifier: 'the-verifier', redirectURL: 'http://localhost/login/callback' },
  ])
  expect(window.location.pathname + window.location.search).toBe('/c/7')
  expect(sessionStorage.getItem(attemptKey)).toBeNull()
  expect(localStorage.getItem(tokenKey)).toBe(aToken(claire.id))
})

test.each(['code=the-code&state=another-state', 'code=the-code', 'error=access_denied&state=another-state'])(
  'an answer to another attempt is not used: %s',
  async (query) => {
    await comeBack(query)
    expect(await screen.findByRole('alert')).toHaveTextContent('Cette connexion a expiré')
    expect(mockFetch.requestsTo(exchange)).toEqual([])
    expect(window.location.search).toBe('')
  },
)

test('nor is one without an attempt of this tab', async () => {
  await open('/login/callback?code=the-code&state=')
  expect(await screen.findByRole('alert')).toHaveTextContent('Cette connexion a expiré')
  expect(mockFetch.requestsTo(exchange)).toEqual([])
})

test.each([
  ['cancelled at the provider', 'error=access_denied&state=the-state', null, 'Vous avez interrompu la connexion.'],
  ['refused by the provider', 'error=server_error&state=the-state', null, 'La connexion n’a pas abouti.'],
  ['with a code that was used', 'code=c&state=the-state', refused(400, 'invalid_request'), 'La connexion n’a pas abouti.'],
  ['by somebody unknown', 'code=c&state=the-state', refused(403, 'unknown_account'), 'il ne correspond à personne dans la messagerie'],
  ['by somebody disabled', 'code=c&state=the-state', refused(403, 'forbidden'), 'Ce compte est désactivé. Adressez-vous à votre établissement.'],
  ['too often', 'code=c&state=the-state', refused(429, 'too_many_requests'), 'Trop de tentatives.'],
])('a log-in %s is explained', async (_, query, answer, text) => {
  if (answer) answerExchange(answer)
  await comeBack(query)
  expect(await screen.findByRole('alert')).toHaveTextContent(text)
  await userEvent.click(screen.getByRole('link', { name: 'Retour à la connexion' }))
  expect(await screen.findByLabelText('Mot de passe')).toBeVisible()
})

test('somebody who is logged in stays so', async () => {
  localStorage.setItem(tokenKey, aToken(claire.id))
  await comeBack('code=the-code&state=the-state')
  expect(await list()).toBeVisible()
  expect(mockFetch.requestsTo(exchange)).toEqual([])
  expect(window.location.pathname + window.location.search).toBe('/')
})

test('unsent texts of somebody else are erased only on demand', async () => {
  localStorage.setItem(tokenKey, aToken(9))
  writeStored('messagerie.draft.9.7', 'à moitié écrit')
  mockFetch.on('GET', /\/me\/$/, ({ headers }) => (headers.Authorization === `Bearer ${aToken(9)}` ? { status: 401, body: {} } : { body: aMe() }))
  await comeBack('code=the-code&state=the-state', '/c/7')
  expect(await screen.findByRole('alert')).toHaveTextContent('Une autre personne a laissé ici 1 texte non envoyé.')
  expect(localStorage.getItem('messagerie.draft.9.7')).not.toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Effacer et se connecter' }))
  expect(await list()).toBeVisible()
  expect(localStorage.getItem('messagerie.draft.9.7')).toBeNull()
  expect(mockFetch.requestsTo(exchange)).toHaveLength(1)
  expect(window.location.pathname).toBe('/') // not a conversation of the other person
})

async function logOut() {
  await userEvent.click(await list())
  await userEvent.click(screen.getByRole('button', { name: 'Se déconnecter' }))
}

test('logging out leads to the provider’s page once nothing is kept here', async () => {
  answerExchange({ body: { token: aToken(claire.id), record: {}, meta: { logout_url: 'https://ent.example/logout?client_id=messagerie' } } })
  await comeBack('code=the-code&state=the-state')
  let kept = {}
  jest.mocked(leaveFor).mockImplementation(() => {
    kept = { ...localStorage }
  })
  await logOut()
  await waitFor(() => {
    expect(leaveFor).toHaveBeenCalledWith('https://ent.example/logout?client_id=messagerie&post_logout_redirect_uri=http%3A%2F%2Flocalhost%2F')
  })
  expect(kept).toEqual({})
})

test('logging out stays here if the provider has no such page', async () => {
  await comeBack('code=the-code&state=the-state')
  await logOut()
  expect(await screen.findByLabelText('Mot de passe')).toBeVisible()
  await waitFor(() => {
    expect({ ...localStorage }).toEqual({})
  })
  expect(leaveFor).not.toHaveBeenCalled()
})

test('an expired session can be continued through the provider', async () => {
  localStorage.setItem(tokenKey, aToken(claire.id))
  await open('/c/7')
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await settled()
  MockSocket.last.closeWith(4401)
  await userEvent.click(await screen.findByRole('button', { name: 'Se connecter avec ENT du collège' }))
  expect(leaveFor).toHaveBeenCalledTimes(1)
  expect(JSON.parse(sessionStorage.getItem(attemptKey) ?? '')).toMatchObject({ path: '/c/7' })
})
