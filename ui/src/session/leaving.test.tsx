import 'fake-indexeddb/auto'
import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from '../app/App'
import { loadOutbox } from '../chat/outbox/outboxStore'
import { aConversation, aMe, aMessage, aToken, claire, jerome } from '../testing/factories'
import { heldAnswer, mockFetch } from '../testing/mockFetch'
import { MockSocket } from '../testing/mockSocket'
import { settled } from '../testing/settled'

const tokenKey = 'messagerie.token'
const fatima = aMe({ id: 9, first_name: 'Fatima', last_name: 'Benali', email: 'fatima@exemple.fr' })

beforeEach(() => {
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '' } })
  mockFetch.on('GET', /\/me\/$/, ({ headers }) => ({ body: headers.Authorization === `Bearer ${aToken(9)}` ? fatima : aMe() }))
  mockFetch.on('GET', /\/conversations\//, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\//, { body: [aMessage(10)] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
})

/** Opens the conversation with Jérôme. */
async function begin(token = aToken(claire.id)) {
  localStorage.setItem(tokenKey, token)
  window.history.replaceState(null, '', '/c/7')
  render(<App />)
  await settled()
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  await settled()
}

const composer = () => screen.getByRole('textbox', { name: 'Message à Jérôme Lefèvre' })

async function pressLogOut() {
  await userEvent.click(screen.getByRole('button', { name: 'Mon compte' }))
  await userEvent.click(screen.getByRole('button', { name: 'Se déconnecter' }))
}

const question = () => screen.findByRole('dialog', { name: 'Se déconnecter ?' })

async function expectNothingKept() {
  await waitFor(() => {
    expect({ ...localStorage }).toEqual({})
  })
  expect({ ...sessionStorage }).toEqual({})
  expect(await loadOutbox(claire.id)).toEqual([])
  expect(window.location.pathname).toBe('/')
}

/** As if another tab had stored it. */
function hearFromOtherTab(newValue: string | null) {
  if (newValue === null) localStorage.removeItem(tokenKey)
  else localStorage.setItem(tokenKey, newValue)
  act(() => {
    window.dispatchEvent(new StorageEvent('storage', { key: tokenKey, newValue }))
  })
}

test('without unsent texts the log-out is immediate, and nothing is kept', async () => {
  await begin()
  await pressLogOut()
  expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
  await expectNothingKept()
})

const devicePath = /\/devices\/\d+\/$/

test('logging out signs the device out on the server, without waiting for it', async () => {
  const token = aToken(claire.id, '', 4711)
  mockFetch.on('DELETE', devicePath, () => heldAnswer().answer)
  await begin(token)
  await pressLogOut()
  expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
  await expectNothingKept()
  const requests = mockFetch.requestsTo(devicePath)
  expect(requests.map(({ method, url, keepalive }) => [method, url.pathname, keepalive])).toEqual([['DELETE', '/api/messagerie/devices/4711/', true]])
  expect(requests[0]?.headers.Authorization).toBe(`Bearer ${token}`)
})

const logOutOfDialog = async () => {
  await userEvent.click(await screen.findByRole('button', { name: 'Se connecter avec un autre compte' }))
}

test.each([
  ['a void token', () => { MockSocket.last.closeWith(4401) }, logOutOfDialog],
  ['no network', () => { jest.spyOn(navigator, 'onLine', 'get').mockReturnValue(false) }, pressLogOut],
])('with %s logging out asks the server for nothing', async (_, happen, leave) => {
  await begin(aToken(claire.id, '', 4711))
  act(happen)
  await settled()
  await leave()
  expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
  expect(mockFetch.requestsTo(devicePath)).toEqual([])
})

test('unsent texts are listed by conversation; cancelling keeps them, confirming erases them', async () => {
  await begin()
  MockSocket.last.closeWith(1006)
  await userEvent.type(composer(), 'Un{Enter}Deux{Enter}à moitié')
  await pressLogOut()
  const dialog = await question()
  expect(within(dialog).getByRole('listitem')).toHaveTextContent('Jérôme Lefèvre2 messages non envoyés1 brouillon')
  await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Annuler' })).toHaveFocus())
  await userEvent.click(within(dialog).getByRole('button', { name: 'Annuler' }))
  expect(composer()).toHaveValue('à moitié')

  await pressLogOut()
  await userEvent.click(within(await question()).getByRole('button', { name: 'Effacer et se déconnecter' }))
  expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
  await expectNothingKept()
})

test('if all texts are sent while waiting, the log-out follows', async () => {
  await begin()
  await userEvent.type(composer(), 'Encore un mot{Enter}')
  await waitFor(() => {
    expect(MockSocket.last.sentOf('chat_message')).toHaveLength(1)
  })
  await pressLogOut()
  expect(within(await question()).getByRole('status')).toHaveTextContent(/la déconnexion se fera ensuite/)
  const [{ client_id } = { client_id: '' }] = MockSocket.last.sentOf('chat_message')
  MockSocket.last.receive({ type: 'new_message', message: aMessage(11, { sender_id: claire.id, client_id: client_id ?? '' }) })
  expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
  await expectNothingKept()
})

test('a removal that was interrupted by closing the page is finished by the next one', async () => {
  localStorage.setItem('messagerie.leaving', 'yes')
  localStorage.setItem(`messagerie.draft.${claire.id}.7`, 'à moitié')
  window.history.replaceState({ fromList: true }, '', '/c/7')
  render(<App />)
  await settled()
  await expectNothingKept()
})

test('a new token that arrives after the log-out is not stored', async () => {
  await begin()
  const { answer, release } = heldAnswer()
  mockFetch.on('POST', /sign-out-everywhere\/$/, () => answer)
  await userEvent.click(screen.getByRole('button', { name: 'Mon compte' }))
  await userEvent.click(screen.getByRole('button', { name: 'Profil et réglages' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Déconnecter tous les autres appareils' }))
  hearFromOtherTab(null)
  release({ body: { token: aToken(claire.id, 'fresh') } })
  await settled()
  expect(screen.getByRole('heading', { name: 'Connexion' })).toBeVisible()
  await expectNothingKept()
})

test('somebody else in another tab: everything is hidden at once, however slow the server', async () => {
  await begin()
  await userEvent.type(composer(), 'à moitié')
  const { answer, release } = heldAnswer()
  mockFetch.on('GET', /\/me\/$/, () => answer)
  hearFromOtherTab(aToken(9))
  expect(screen.queryByText('Message 10')).toBeNull()
  expect(screen.queryByRole('textbox', { name: /^Message à/ })).toBeNull()
  release({ body: fatima })
  await settled()
  expect(screen.getByRole('heading', { name: 'Messages' })).toBeVisible()
  expect(MockSocket.last.url).toMatch(/\/ws\/chat\/9\/$/)
  expect(window.location.pathname).toBe('/')
  expect(localStorage.getItem(tokenKey)).toBe(aToken(9))
  // Removed once the databases have been opened.
  await waitFor(() => {
    expect(Object.keys(localStorage).filter((key) => key.includes('draft'))).toEqual([])
  })
})

describe('after an expired session', () => {
  async function expireAndReload() {
    localStorage.setItem(tokenKey, aToken(claire.id))
    localStorage.setItem('messagerie.email', claire.email)
    localStorage.setItem('messagerie.notifications', 'on')
    localStorage.setItem(`messagerie.draft.${claire.id}.7`, 'à moitié')
    window.history.replaceState(null, '', '/c/7')
    mockFetch.on('GET', /\/me\/$/, ({ headers }) =>
      headers.Authorization === `Bearer ${aToken(claire.id)}`
        ? { status: 401 }
        : { body: headers.Authorization === `Bearer ${aToken(9)}` ? fatima : aMe() },
    )
    render(<App />)
    await settled()
    expect(screen.getByRole('status')).toHaveTextContent(/^Votre session a expiré/)
  }
  async function typeLogin(email: string, token: string) {
    mockFetch.on('POST', /auth-with-password$/, { body: { token, record: {} } })
    await userEvent.clear(screen.getByRole('textbox', { name: 'Adresse e-mail ou identifiant' }))
    await userEvent.type(screen.getByRole('textbox', { name: 'Adresse e-mail ou identifiant' }), email)
    await userEvent.type(screen.getByLabelText('Mot de passe'), 'secret{Enter}')
    await settled()
  }

  test('the same person finds their texts', async () => {
    await expireAndReload()
    await typeLogin(claire.email, aToken(claire.id, 'fresh'))
    expect(screen.getByRole('heading', { name: 'Messages' })).toBeVisible()
    expect(localStorage.getItem(`messagerie.draft.${claire.id}.7`)).toBe('à moitié')
  })

  test('somebody else is warned before they are erased, and finds none of them', async () => {
    await expireAndReload()
    await typeLogin(fatima.email, aToken(9))
    expect(screen.getByRole('alert')).toHaveTextContent(/^Une autre personne a laissé ici 1 texte non envoyé\./)
    expect(localStorage.getItem(tokenKey)).toBe(aToken(claire.id))
    // Another attempt gets the warning again.
    await userEvent.type(screen.getByLabelText('Mot de passe'), 's')
    expect(screen.queryByRole('alert')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Se connecter' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Effacer et se connecter' }))
    expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
    await settled()
    expect(window.location.pathname).toBe('/')
    expect({ ...localStorage }).toEqual({ [tokenKey]: aToken(9), 'messagerie.email': fatima.email })
  })

  test('choosing another account in the dialog shows how much that erases, but not the recipients', async () => {
    await begin()
    await userEvent.type(composer(), 'à moitié')
    MockSocket.last.closeWith(4401)
    await userEvent.click(await screen.findByRole('button', { name: 'Se connecter avec un autre compte' }))
    const dialog = await question()
    expect(dialog).toHaveTextContent('1 texte n’a pas été envoyé : il sera effacé de cet appareil.')
    expect(dialog).not.toHaveTextContent(jerome.first_name)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Effacer et se déconnecter' }))
    expect(await screen.findByRole('heading', { name: 'Connexion' })).toBeVisible()
    await expectNothingKept()
  })

  test('nothing of the page is visible behind the dialog, neither the conversation nor dialogs over it', async () => {
    await begin()
    await userEvent.click(screen.getByRole('button', { name: 'Détails de la conversation' }))
    const details = await screen.findByRole('dialog', { name: 'Détails de la conversation' })
    MockSocket.last.closeWith(4401)
    await screen.findByRole('dialog', { name: 'Votre session a expiré' })
    expect(details).toHaveClass('is-covered')
    expect(screen.getByText('Message 10', { selector: '.bubble-text' }).closest('main')).toHaveClass('is-covered')
    expect(document.title).toBe('Votre session a expiré')
  })
})

/** The files that store something on the device; device.ts removes it. */
const keepers = ['chat/files/fileDatabase.ts', 'chat/outbox/outboxStore.ts', 'lib/keptReading.ts', 'lib/storage.ts', 'pwa/worker.ts', 'chat/notify/notices.ts']

test('only the files whose data is removed on log-out store anything on the device', () => {
  const source = join(__dirname, '..')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^testing/.test(name))
  const stores = /localStorage|sessionStorage|indexedDB|\bcaches\b\.|document\.cookie|cookieStore|showNotification|getDirectory|new Notification\(/
  const found = files.filter((name) => stores.test(readFileSync(join(source, name), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '')))
  expect(found.sort()).toEqual([...keepers].sort())
})
