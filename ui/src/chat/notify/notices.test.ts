import { MockLocks } from '../../testing/mockTabs'
import { type Notice, closeNotices, showNotice } from './notices'

interface Kept {
  tag: string
  data: unknown
  isForgotten: boolean
  close: () => void
}

/** Like a service worker's registration in Chromium: getNotifications during showNotification loses that notification. */
class MockRegistration {
  readonly active = {}
  readonly kept: Kept[] = []
  beingShown: Kept | null = null

  async showNotification(_title: string, { tag, data }: { tag: string; data: unknown }): Promise<void> {
    const one: Kept = { tag, data, isForgotten: false, close: () => this.kept.splice(this.kept.indexOf(one), 1) }
    this.beingShown = one
    await aMoment()
    this.kept.push(one)
    this.beingShown = null
  }

  async getNotifications({ tag }: { tag?: string } = {}): Promise<Kept[]> {
    if (this.beingShown) this.beingShown.isForgotten = true
    await aMoment()
    return this.kept.filter((one) => !one.isForgotten && (tag ?? one.tag) === one.tag)
  }
}

async function aMoment(): Promise<void> {
  for (let step = 0; step < 5; step++) await Promise.resolve()
}

const registration = new MockRegistration()
const notice = (conversationId: number): Notice => ({ conversationId, messageId: 11, title: 'Jérôme Lefèvre', body: 'Bonjour' })

beforeEach(() => {
  Object.assign(window, { Notification: { permission: 'granted' } })
  Object.defineProperty(navigator, 'serviceWorker', { value: { getRegistration: () => Promise.resolve(registration) }, configurable: true })
  Object.defineProperty(navigator, 'locks', { value: new MockLocks(), configurable: true })
})
afterEach(() => {
  for (const name of ['serviceWorker', 'locks']) Reflect.deleteProperty(navigator, name)
  Reflect.deleteProperty(window, 'Notification')
})

test('a notification that is being shown isn’t lost because something else is read at that moment', async () => {
  await showNotice(notice(8), () => undefined)
  const showing = showNotice(notice(7), () => undefined)
  while (!registration.beingShown) await Promise.resolve()
  await Promise.all([showing, closeNotices((id) => id === 8)])
  const left = await registration.getNotifications()
  expect(left.map((one) => one.tag)).toEqual(['conversation-7'])
})
