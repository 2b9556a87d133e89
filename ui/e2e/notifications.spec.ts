import { Api } from './api'
import { Person } from './person'
import { expect, test } from './test'

test.use({ hasServiceWorker: true })

interface Shown {
  title: string
  body: string
  tag: string
}

/** The part of a service worker's global scope that is used here; these tests have the types of a page. */
interface WorkerScope extends EventTarget {
  registration: ServiceWorkerRegistration
  clients: { openWindow: (path: string) => Promise<null> }
  opened: Promise<string>
  NotificationEvent: new (type: string, options: { notification: Notification }) => Event
}

/** The notifications that the browser shows. Requested in turn with the client: see src/chat/notify/notices.ts. */
function shownTo({ page }: Person): Promise<Shown[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const notifications = await navigator.locks.request('messagerie.notices', () => registration.getNotifications())
    return notifications.map(({ title, body, tag }) => ({ title, body, tag }))
  })
}

/** Makes the page hidden or visible. A headless browser reports every page as visible. */
function hide({ page }: Person, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: hidden ? 'hidden' : 'visible' })
    document.hasFocus = () => !hidden
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)
}

/** Clicks the notification, with the event that the service worker would get. */
async function pressNotification({ page }: Person, tag: string): Promise<void> {
  const [worker] = page.context().serviceWorkers()
  if (!worker) throw new Error('no service worker runs')
  await worker.evaluate(async (wanted) => {
    const scope = self as unknown as WorkerScope
    const [notification] = await scope.registration.getNotifications({ tag: wanted })
    if (!notification) throw new Error(`nothing is shown for ${wanted}`)
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }))
  }, tag)
}

/** The address at which a click opens a window. A click made by a test isn't allowed to open one, so the call is intercepted. */
async function windowOpenedByPress(person: Person, tag: string): Promise<string> {
  const [worker] = person.page.context().serviceWorkers()
  if (!worker) throw new Error('no service worker runs')
  await worker.evaluate(() => {
    const scope = self as unknown as WorkerScope
    scope.opened = new Promise((resolve) => {
      scope.clients.openWindow = (path) => {
        resolve(path)
        return Promise.resolve(null)
      }
    })
  })
  await pressNotification(person, tag)
  return worker.evaluate(() => (self as unknown as WorkerScope).opened)
}

/** Logs in and turns on notifications in the profile. */
async function withNotifications(enter: (login: string) => Promise<Person>, choice: string): Promise<Person> {
  const claire = await enter('claire.martin')
  await claire.page.context().grantPermissions(['notifications'])
  await claire.page.evaluate(() => navigator.serviceWorker.ready)
  await claire.press('Mon compte')
  await claire.press('Profil et réglages')
  await claire.page.getByRole('radio', { name: choice, exact: true }).check()
  await claire.page.keyboard.press('Escape')
  await expect(claire.page.getByRole('dialog')).toHaveCount(0)
  return claire
}

/** The id of somebody's conversation with Claire. */
async function conversationOf(claire: Person, name: string): Promise<number> {
  await claire.open(name)
  const id = claire.conversationId
  await claire.showList()
  return id
}

test('a message is notified while the page is hidden, and a click opens its conversation', { tag: '@notifications' }, async ({ school, enter }) => {
  const claire = await withNotifications(enter, 'Avec le texte du message')
  const id = await conversationOf(claire, 'Jérôme Lefèvre')
  const jerome = await Api.asPerson(school.url, 'jerome.lefevre')

  await jerome.send(id, 'Vous me voyez.')
  await expect(claire.line('Jérôme Lefèvre')).toContainText('Vous me voyez.')
  expect(await shownTo(claire)).toEqual([])

  if (!claire.isOnPhone) await claire.open('Fatima Benali')
  await hide(claire, true)
  const tag = `conversation-${id}`
  await jerome.send(id, 'Vous ne me voyez pas.')
  await expect.poll(() => shownTo(claire)).toEqual([{ title: 'Jérôme Lefèvre', body: 'Vous ne me voyez pas.', tag }])
  // One per conversation: a newer one replaces the older.
  await jerome.send(id, 'Toujours pas ?')
  await expect.poll(() => shownTo(claire)).toEqual([{ title: 'Jérôme Lefèvre', body: 'Toujours pas ?', tag }])

  await pressNotification(claire, tag)
  await expect(claire.page).toHaveURL(new RegExp(`/c/${id}$`))
  await hide(claire, false)
  await expect(claire.message('Toujours pas ?')).toBeVisible()
  expect(await shownTo(claire)).toEqual([])
})

test('a click on a notification focuses a tab of the chat, not of the dashboard', { tag: ['@desktop', '@notifications'] }, async ({ school, enter, tolerate }) => {
  tolerate(/.*/) // the dashboard's own
  const claire = await withNotifications(enter, 'Avec le texte du message')
  const id = await conversationOf(claire, 'Jérôme Lefèvre')
  await claire.open('Fatima Benali')
  const dashboard = await claire.page.context().newPage()
  await dashboard.goto('/_/')
  await dashboard.bringToFront()
  await hide(claire, true)
  await (await Api.asPerson(school.url, 'jerome.lefevre')).send(id, 'Vous ne me voyez pas.')
  await expect.poll(() => shownTo(claire)).toHaveLength(1)
  await pressNotification(claire, `conversation-${id}`)
  await expect(claire.page).toHaveURL(new RegExp(`/c/${id}$`))
  await expect(dashboard).toHaveURL(/\/_\//)
})

test('if only the dashboard is open, a click opens the conversation in a new window', { tag: ['@desktop', '@notifications'] }, async ({ school, enter, tolerate }) => {
  tolerate(/.*/)
  const claire = await withNotifications(enter, 'Avec le texte du message')
  const id = await conversationOf(claire, 'Jérôme Lefèvre')
  await hide(claire, true)
  await (await Api.asPerson(school.url, 'jerome.lefevre')).send(id, 'Vous ne me voyez pas.')
  await expect.poll(() => shownTo(claire)).toHaveLength(1)
  await claire.page.goto('/_/')
  expect(await windowOpenedByPress(claire, `conversation-${id}`)).toBe(`/c/${id}`)
})

test('a muted conversation doesn’t notify, and a discreet notification doesn’t show the text', { tag: ['@desktop', '@notifications'] }, async ({ school, enter }) => {
  const claire = await withNotifications(enter, 'Sans le texte du message')
  const loud = await conversationOf(claire, 'Jérôme Lefèvre')
  const muted = await conversationOf(claire, 'Fatima Benali')
  await claire.press('Détails de la conversation')
  await claire.page.getByRole('switch', { name: 'Couper les notifications' }).check()
  await claire.page.keyboard.press('Escape')
  await expect(claire.line('Fatima Benali')).toContainText('Notifications coupées')
  await hide(claire, true)

  await (await Api.asPerson(school.url, 'fatima.benali')).send(muted, 'Sans bruit')
  await expect(claire.line('Fatima Benali')).toContainText('Sans bruit')
  // Once this later message is notified, the earlier one would have been as well.
  await (await Api.asPerson(school.url, 'jerome.lefevre')).send(loud, 'Entre nous')
  await expect.poll(() => shownTo(claire)).toEqual([{ title: 'Nouveau message', body: '', tag: `conversation-${loud}` }])
})

test('with notifications off there are none', { tag: ['@desktop', '@notifications'] }, async ({ school, enter }) => {
  const claire = await withNotifications(enter, 'Aucune')
  const id = await conversationOf(claire, 'Jérôme Lefèvre')
  await hide(claire, true)
  await (await Api.asPerson(school.url, 'jerome.lefevre')).send(id, 'Vous êtes là ?')
  await expect(claire.line('Jérôme Lefèvre')).toContainText('Vous êtes là ?')
  expect(await shownTo(claire)).toEqual([])
})
