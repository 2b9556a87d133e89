import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { aConversation, aMe, aMessage, claire } from '../testing/factories'
import { type MockAnswer, type MockRequest, mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'

const tokenKey = 'messagerie.token'

beforeEach(() => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '' } })
  mockFetch.on('GET', /\/me\/$/, { body: aMe() })
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\//, { body: [aMessage(10, { sender_id: claire.id })] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  answerLogin({ body: { token: 'new-token', record: {} } })
})

function answerLogin(answer: MockAnswer) {
  mockFetch.on('POST', /auth-with-password$/, answer)
}

/** Opens a conversation with a draft. */
async function begin(token = 'a-token') {
  localStorage.setItem(tokenKey, token)
  window.history.replaceState(null, '', '/c/7')
  const view = render(<App />)
  await settled()
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await settled()
  return view
}

async function expire() {
  MockSocket.last.closeWith(4401)
  return screen.findByRole('dialog', { name: 'Votre session a expiré' })
}

async function typePassword(text = 'secret') {
  await userEvent.type(screen.getByLabelText('Mot de passe'), `${text}{Enter}`)
  await settled()
}

function hearFromOtherTab(newValue: string | null) {
  act(() => {
    window.dispatchEvent(new StorageEvent('storage', { key: tokenKey, newValue }))
  })
  return settled()
}

const draft = () => screen.getByRole('textbox', { name: 'Message à Jérôme Lefèvre', hidden: true })

test('asks only for the password, over the conversation', async () => {
  await begin()
  await userEvent.type(draft(), 'à moitié écr')
  const dialog = await expire()
  expect(within(dialog).getByText('Claire Martin')).toBeVisible()
  expect(within(dialog).getByText('claire@exemple.fr')).toBeVisible()
  await waitFor(() => {
    expect(screen.getByLabelText('Mot de passe')).toHaveFocus()
  })
  expect(draft()).toHaveValue('à moitié écr')
  expect(screen.queryByRole('textbox', { name: 'Message à Jérôme Lefèvre' })).toBeNull()
  await userEvent.keyboard('{Escape}')
  expect(dialog).toBeVisible()
})

test('continues afterwards: the same field, the same text, a new socket', async () => {
  await begin()
  await userEvent.type(draft(), 'à moitié écr')
  const field = draft()
  await expire()
  await typePassword()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(draft()).toBe(field)
  expect(field).toHaveFocus()
  await userEvent.type(field, 'it')
  expect(field).toHaveValue('à moitié écrit')
  expect(mockFetch.requestsTo(/auth-with-password$/)[0]?.body).toEqual({ identity: 'claire@exemple.fr', password: 'secret' })
  expect(MockSocket.last.protocols).toEqual(['messagerie', 'new-token'])
  expect(localStorage.getItem(tokenKey)).toBe('new-token')
})

test('an edit that was refused is saved afterwards', async () => {
  await begin()
  mockFetch.on('PATCH', /\/messages\/7\/10\/$/, ({ headers }: MockRequest) =>
    headers.Authorization === 'Bearer new-token'
      ? { body: aMessage(10, { sender_id: claire.id, content: 'Mieux dit', edited_at: '2026-09-01T09:00:00.000Z' }) }
      : { status: 401 },
  )
  await userEvent.click(screen.getByRole('button', { name: /^Actions sur (le|votre) message/ }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Modifier' }))
  const field = await screen.findByRole('textbox', { name: 'Modification du message' })
  await userEvent.clear(field)
  await userEvent.type(field, 'Mieux dit{Enter}')
  await screen.findByRole('dialog', { name: 'Votre session a expiré' })
  await typePassword()
  expect(await screen.findByText('Mieux dit', { selector: 'p' })).toBeVisible()
})

test.each([
  [{ status: 400 }, 'Ce mot de passe est incorrect.'],
  [{ status: 429, headers: { 'Retry-After': '30' } }, /Réessayez dans 30 secondes\.$/],
  [{ status: 502 }, 'Pas de connexion au serveur.'],
])('answers %j with "%s" and keeps asking', async (answer, text) => {
  await begin()
  const dialog = await expire()
  answerLogin(answer)
  await typePassword('faux')
  expect(within(dialog).getAllByText(text)[0]).toBeVisible()
  expect(screen.getByLabelText('Mot de passe')).toHaveFocus()
  answerLogin({ body: { token: 'new-token', record: {} } })
  await userEvent.clear(screen.getByLabelText('Mot de passe'))
  await typePassword()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('a missing password is shown at the field', async () => {
  await begin()
  await expire()
  await userEvent.click(screen.getByRole('button', { name: 'Continuer' }))
  expect(screen.getByLabelText('Mot de passe')).toHaveAccessibleDescription('Indiquez votre mot de passe.')
})

test('an account that was disabled in the meantime leaves nothing on the screen', async () => {
  await begin()
  await expire()
  answerLogin({ status: 403 })
  await typePassword()
  expect(screen.getByRole('status')).toHaveTextContent(/^Ce compte est désactivé/)
})

test('a temporary password is replaced in the same place, and typed once', async () => {
  await begin()
  await userEvent.type(draft(), 'à moitié écr')
  const field = draft()
  await expire()
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ temporary_password: true }) })
  mockFetch.on('POST', /\/me\/password\/$/, { body: { token: 'new-token' } })
  await typePassword('provisoire')
  expect(screen.getByRole('dialog', { name: 'Choisissez votre mot de passe' })).toBeVisible()
  await userEvent.type(screen.getByLabelText('Nouveau mot de passe'), 'bien à moi{Enter}')
  await settled()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(draft()).toBe(field)
  expect(mockFetch.requestsTo(/\/me\/password\/$/)[0]?.body).toMatchObject({ old_password: 'provisoire' })
})

test('after a reload only the same person’s password is asked for', async () => {
  const { unmount } = await begin()
  unmount()
  mockFetch.on('GET', /\/me\/$/, { status: 401, body: { status: 401, code: 'unauthorized', message: '', data: {} } })
  render(<App />)
  expect(await screen.findByText(/^Votre session a expiré/)).toBeVisible()
  expect(screen.getByRole('textbox', { name: 'Adresse e-mail ou identifiant' })).toHaveValue('claire@exemple.fr')
  expect(screen.getByLabelText('Mot de passe')).toHaveFocus()
})

test('another account: the log-in page', async () => {
  await begin()
  await expire()
  await userEvent.click(screen.getByRole('button', { name: 'Se connecter avec un autre compte' }))
  expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
  expect(localStorage.getItem(tokenKey)).toBeNull()
  expect(screen.getByRole('textbox', { name: 'Adresse e-mail ou identifiant' })).toHaveValue('')
})

describe('with several tabs', () => {
  test('a log-in in another tab continues this one', async () => {
    await begin()
    await expire()
    await hearFromOtherTab('other-tabs-token')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(MockSocket.last.protocols).toEqual(['messagerie', 'other-tabs-token'])
  })

  test('a fresh token of another tab is used without interruption', async () => {
    await begin()
    const socket = MockSocket.last
    await hearFromOtherTab('other-tabs-token')
    expect(MockSocket.last).toBe(socket)
    // The old one expires later: this tab has another.
    socket.closeWith(4401)
    await settled()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(MockSocket.last.protocols).toEqual(['messagerie', 'other-tabs-token'])
  })

  test.each([['in the middle', false], ['while it asks for the password', true]])('a log-out in another tab logs out here, %s', async (_, isExpired) => {
    await begin()
    if (isExpired) await expire()
    await hearFromOtherTab(null)
    expect(screen.getByRole('heading', { name: 'Connexion' })).toBeVisible()
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('a log-in in another tab logs in here', async () => {
    render(<App />)
    await hearFromOtherTab('other-tabs-token')
    expect(screen.getByRole('heading', { name: 'Messages' })).toBeVisible()
  })

  test('if somebody else logs in in another tab, they are logged in here', async () => {
    await begin()
    await expire()
    mockFetch.on('GET', /\/me\/$/, { body: aMe({ id: 9, first_name: 'Nadia' }) })
    await hearFromOtherTab('nadias-token')
    expect(MockSocket.last.url).toMatch(/\/ws\/chat\/9\/$/)
  })
})

/** A token that expired a minute ago by the clock of this device. */
function expired() {
  return `x.${btoa(JSON.stringify({ id: String(claire.id), exp: Math.floor(Date.now() / 1000) - 60 }))}.x`
}

describe('a token that expires', () => {
  const comeBackLater = () => act(() => {
    document.dispatchEvent(new Event('visibilitychange'))
  })

  test('without a network hides what was open, and keeps the draft', async () => {
    await begin(expired())
    await userEvent.type(draft(), 'à moitié écr')
    mockFetch.on('GET', /\/me\/$/, () => {
      throw new TypeError('no network')
    })
    await comeBackLater()
    expect(await screen.findByRole('dialog', { name: 'Votre session a expiré' })).toBeVisible()
    expect(draft().closest('main')).toHaveClass('is-covered')
    expect(draft()).toHaveValue('à moitié écr')
  })

  test('only by the clock of this device changes nothing while the server accepts it', async () => {
    await begin(expired())
    await comeBackLater()
    await settled()
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
