import type { Page } from '@playwright/test'
import { Api } from './api'
import { emailOf } from './school'
import { Person } from './person'
import { Proxy } from './proxy'
import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true })

const refused = (status: number) => new RegExp(`the server responded with a status of ${status}`)

/** Everything that the browser stores for the page, by kind, except for the client's own files. */
function keptBy(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(async () => {
    const contents = async (database: IDBDatabase, store: string) =>
      new Promise<unknown[]>((resolve, reject) => {
        const all = database.transaction(store).objectStore(store).getAll()
        all.onsuccess = () => { resolve(all.result) }
        all.onerror = () => { reject(all.error as Error) }
      })
    const databases: unknown[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => { resolve(opening.result) }
        opening.onerror = () => { reject(opening.error as Error) }
      })
      for (const store of database.objectStoreNames) databases.push(...(await contents(database, store)))
      database.close()
    }
    const registration = await navigator.serviceWorker.getRegistration()
    return {
      localStorage: Object.keys(localStorage),
      sessionStorage: Object.keys(sessionStorage),
      databases,
      caches: (await caches.keys()).filter((name) => !name.startsWith('workbox-precache')),
      cookies: document.cookie,
      notifications: ((await registration?.getNotifications()) ?? []).map(({ title }) => title),
      address: location.pathname,
      historyState: history.state as unknown,
    }
  })
}

const nothing = { localStorage: [], sessionStorage: [], databases: [], caches: [], cookies: '', notifications: [], address: '/', historyState: null }

async function pressLogOut({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Mon compte' }).click()
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
}

const question = ({ page }: Person) => page.getByRole('dialog', { name: 'Se déconnecter ?' })

async function erase(person: Person): Promise<void> {
  await question(person).getByRole('button', { name: 'Effacer et se déconnecter' }).click()
}

/** Another tab of the same browser. */
async function another({ page }: Person, address: string): Promise<Person> {
  const tab = new Person(await page.context().newPage())
  await tab.page.goto(address)
  return tab
}

/** Makes the client store something of every kind. */
async function leaveTraces(claire: Person, url: string): Promise<void> {
  const { page } = claire
  await page.context().grantPermissions(['notifications'])
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload() // from now on requests go through the service worker
  await claire.untilConnected()
  await claire.press('Mon compte')
  await claire.press('Profil et réglages')
  await page.getByRole('radio', { name: 'Avec le texte du message' }).check()
  await page.getByRole('combobox', { name: 'Langue' }).selectOption('Français')
  await page.keyboard.press('Escape')
  await claire.search.fill('andre')
  await page.getByRole('button', { name: /^André Lemaître/ }).click()
  await claire.composer.fill('Pour André')
  await claire.showList()
  await claire.search.fill('')
  await claire.open('Jérôme Lefèvre')
  const jerome = await Api.asPerson(url, 'jerome.lefevre')
  for (let number = 1; number <= 30; number += 1) await jerome.send(claire.conversationId, `Ligne ${number}.`)
  await expect(claire.message('Ligne 30.')).toBeVisible()
  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: element.scrollTop - 400, behavior: 'instant' })
  })
  await expect(claire.pane.getByRole('button', { name: 'Aller aux derniers messages' })).toBeVisible()
  await claire.composer.fill('Je voulais dire')
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).showNotification('Jérôme Lefèvre', { body: 'Ligne 30.', data: { conversationId: 1, messageId: 1, path: '/' } })
  })
  await claire.showList()
  await claire.open('Fatima Benali')
  await page.context().setOffline(true)
  await claire.write('Écrit sans réseau')
  await claire.expectState('Écrit sans réseau', 'En attente')
}

test('logging out first shows what would be lost, and then leaves nothing in any tab, even offline', { tag: '@notifications' }, async ({ school, enter, tolerate }) => {
  test.slow()
  tolerate(...connectionErrors, /WebSocket is closed before/)
  const claire = await enter('claire.martin')
  await leaveTraces(claire, school.url)
  const address = claire.page.url()
  const before = await keptBy(claire.page)
  for (const kind of ['localStorage', 'sessionStorage', 'databases', 'caches', 'notifications']) expect(before[kind], kind).not.toEqual([])
  const second = await another(claire, address)
  await expect(second.message('Écrit sans réseau')).toBeVisible()

  await claire.showList()
  await pressLogOut(claire)
  await expect(question(claire).getByRole('listitem')).toHaveText([/Jérôme Lefèvre.*1 brouillon/, /André Lemaître.*1 brouillon/, /Fatima Benali.*1 message non envoyé/])
  await question(claire).getByRole('button', { name: 'Annuler' }).click()
  await claire.open('Fatima Benali')
  await expect(claire.message('Écrit sans réseau')).toBeVisible()

  await claire.showList()
  await pressLogOut(claire)
  await erase(claire)
  for (const tab of [claire, second]) {
    await expect(tab.email).toBeVisible()
    await expect(tab.email).toHaveValue('')
    await expect.poll(() => keptBy(tab.page)).toEqual(nothing)
    await expect(tab.page).toHaveTitle(/^Connexion – /)
  }
  await claire.page.goBack()
  await expect(claire.email).toBeVisible()
  await expect(claire.page).toHaveURL(/\/$/)
  await expect(claire.page.getByText('Ligne')).toHaveCount(0)
})

test('messages that only wait for a connection are sent before logging out', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  // Requests made at the moment of logging out have no valid token.
  tolerate(...connectionErrors, refused(401))
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const { conversationId } = claire
  // From then on all of the client is there offline, the question before logging out too.
  await claire.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await claire.page.context().setOffline(true)
  await claire.write('Encore un mot')
  await claire.expectState('Encore un mot', 'En attente')
  await pressLogOut(claire)
  await expect(question(claire)).toContainText('la déconnexion se fera ensuite')
  await claire.page.context().setOffline(false)
  await expect(claire.email).toBeVisible()
  const stored = await (await Api.asPerson(school.url, 'jerome.lefevre')).messages(conversationId, 'limit=1')
  expect(stored.map(({ content }) => content)).toEqual(['Encore un mot'])
  await expect.poll(() => keptBy(claire.page)).toEqual(nothing)
})

test('a response that arrives after logging out isn’t stored', { tag: '@desktop' }, async ({ school, visit, tolerate }) => {
  tolerate(/WebSocket is closed before/)
  const proxy = await Proxy.before(school.url)
  const claire = await visit(proxy.url)
  await claire.logIn('claire.martin')
  await claire.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await claire.open('Jérôme Lefèvre')
  const release = proxy.hold(/\/api\/messagerie\/messages\//)
  await claire.page.evaluate((id) => {
    const headers = { Authorization: `Bearer ${localStorage.getItem('messagerie.token') ?? ''}` }
    Object.assign(window, { late: fetch(`/api/messagerie/messages/${id}/`, { headers }).then((answer) => answer.text()) })
  }, claire.conversationId)
  await pressLogOut(claire)
  await expect(claire.email).toBeVisible()
  release()
  // The worker returns the response once it has decided whether to cache it.
  expect(await claire.page.evaluate(() => (window as unknown as { late: Promise<string> }).late)).toContain('croissants')
  await expect.poll(() => keptBy(claire.page)).toEqual(nothing)
  proxy.close()
})

test('while the session has expired nothing can be read, and everything is there after logging in again', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(refused(401), /HTTP Authentication failed/, /WebSocket is closed before/)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.composer.fill('Un mot')
  await claire.press('Détails de la conversation')
  await expect(claire.page.getByRole('dialog', { name: 'Détails de la conversation' })).toBeVisible()
  const tablet = await enter('claire.martin')
  await pressSignOutEverywhere(tablet)

  const dialog = claire.page.getByRole('dialog', { name: 'Votre session a expiré' })
  await expect(dialog).toBeVisible()
  await expect(claire.page).toHaveTitle('Votre session a expiré')
  // All rendered text, even if it is covered.
  const text = await claire.page.evaluate(() => document.body.innerText)
  expect(text).toContain('Claire Martin')
  expect(text).not.toMatch(/Jérôme|croissants|Fatima|Détails/)
  await dialog.getByLabel('Mot de passe', { exact: true }).fill('messagerie-demo')
  await dialog.getByRole('button', { name: 'Continuer' }).click()
  await expect(claire.page.getByRole('dialog', { name: 'Détails de la conversation' })).toBeVisible()
  await claire.page.keyboard.press('Escape')
  await claire.untilConnected()
  await expect(claire.composer).toHaveValue('Un mot')
})

async function pressSignOutEverywhere(tablet: Person): Promise<void> {
  await tablet.press('Mon compte')
  await tablet.press('Profil et réglages')
  await tablet.press('Déconnecter tous les autres appareils')
  await expect(tablet.page.getByText('Tous les autres appareils ont été déconnectés.')).toBeVisible()
  await tablet.page.close()
}

test('somebody else who logs in after an expired session is asked first, and finds nothing of the previous person in any tab', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(refused(401), /HTTP Authentication failed/, /WebSocket is closed before/)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.composer.fill('Je voulais dire')
  const second = await another(claire, claire.page.url())
  await second.untilConnected()
  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('users', `email = "${emailOf('claire.martin')}"`)
  await administrator.change('users', id, { password: 'un-autre-mot', passwordConfirm: 'un-autre-mot' })
  await expect(second.page.getByRole('dialog', { name: 'Votre session a expiré' })).toBeVisible()

  await claire.page.reload()
  await expect(claire.page.getByRole('status')).toHaveText(/^Votre session a expiré/)
  const fatima = claire
  await fatima.tryLogIn('fatima.benali')
  await expect(fatima.page.getByRole('alert')).toHaveText('Une autre personne a laissé ici 1 texte non envoyé. Si vous vous connectez, il sera effacé.')
  await fatima.press('Effacer et se connecter')
  await fatima.untilConnected()
  for (const tab of [fatima, second]) {
    await tab.page.bringToFront()
    await tab.press('Mon compte')
    await expect(tab.page.getByRole('region', { name: 'Mon compte' })).toContainText('Fatima Benali')
    await tab.page.keyboard.press('Escape')
    await expect(tab.page.getByText('Je voulais dire')).toHaveCount(0)
    expect((await keptBy(tab.page)).sessionStorage).toEqual([])
  }
  const { localStorage, databases } = await keptBy(fatima.page)
  expect(localStorage).toEqual(expect.arrayContaining(['messagerie.token', 'messagerie.email']))
  expect(localStorage).toHaveLength(2)
  expect(databases).toEqual([])
})

test('a tab that was suspended while another one logged out shows nothing when it resumes', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(/WebSocket is closed before/)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  // As in the back/forward cache, where a page gets no events of other tabs.
  await claire.page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    localStorage.removeItem('messagerie.token')
  })
  expect(await claire.page.evaluate(() => document.body.innerText)).toBe('')
  const seen = await claire.page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    return document.body.innerText
  })
  expect(seen).not.toMatch(/Jérôme|croissants/)
  await expect(claire.email).toBeVisible()
})
