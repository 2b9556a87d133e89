import { expect, type Locator, type Page } from '@playwright/test'
import { emailOf, password } from './school'
import { anyOf, dictionaries, type Words } from './words'

/** A person with a browser: what they see and do, by role and name. */
export class Person {
  /** Of the log-in page: takes an address or a username. */
  readonly email: Locator
  /** Of the page for a forgotten password. */
  readonly resetEmail: Locator
  readonly password: Locator
  readonly logInButton: Locator
  /** The left pane; on a phone, the first of two views. */
  readonly list: Locator
  readonly search: Locator
  readonly contacts: Locator
  /** The open conversation. */
  readonly pane: Locator
  /** Its messages, including day separators. */
  readonly messages: Locator
  readonly scroller: Locator
  readonly composer: Locator
  /** Of the composer; beside it is the button to send later. */
  readonly sendButton: Locator
  readonly connection: Locator

  constructor(
    readonly page: Page,
    /** The texts in the language of the screen. */
    readonly words: Words = dictionaries.fr,
  ) {
    this.email = page.getByRole('textbox', { name: words.login.identity })
    this.resetEmail = page.getByRole('textbox', { name: words.password.email, exact: true })
    this.password = page.getByLabel(words.login.password, { exact: true })
    this.logInButton = page.getByRole('button', { name: words.login.submit, exact: true })
    this.list = page.getByRole('list', { name: words.chat.conversations })
    this.search = page.getByRole('searchbox', { name: words.list.search })
    this.contacts = page.getByRole('region', { name: words.list.contacts })
    this.pane = page.getByRole('region', { name: anyOf(words.chat.conversation) })
    this.messages = this.pane.getByRole('list', { name: words.chat.messages }).getByRole('listitem')
    this.scroller = this.pane.getByRole('region', { name: words.message.list })
    this.composer = this.pane.getByRole('textbox', { name: anyOf(words.composer.labelTo) })
    this.sendButton = this.pane.getByRole('button', { name: words.composer.send, exact: true })
    this.connection = page.getByRole('status', { name: words.connection.label })
  }

  get isOnPhone(): boolean {
    return (this.page.viewportSize()?.width ?? 0) < 720
  }

  /** Fills in the form and submits it, without checking the outcome. */
  async tryLogIn(login: string, word = password): Promise<void> {
    await this.email.fill(emailOf(login))
    await this.password.fill(word)
    await this.logInButton.click()
  }

  async logIn(login: string): Promise<void> {
    await this.tryLogIn(login)
    await this.untilConnected()
  }

  async untilConnected(options: { timeout?: number } = {}): Promise<void> {
    await expect(this.connection).toHaveText(this.words.connection.connected, options)
  }

  /** A line of the list. */
  line(name: string): Locator {
    return this.list.getByRole('button', { name: new RegExp(`^${name}`) })
  }

  async open(name: string): Promise<void> {
    await this.line(name).click()
    await expect(this.scroller).toBeVisible()
  }

  /** Leaves the conversation if only one of the two fits on the screen. */
  async showList(): Promise<void> {
    if (this.isOnPhone) await this.page.getByRole('button', { name: this.words.chat.back }).click()
  }

  get conversationId(): number {
    return Number(/\/c\/(\d+)$/.exec(this.page.url())?.[1])
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.sendButton.click()
  }

  /** Sends texts one after the other in one step, because each step of a test takes longer than a message. */
  async writeAll(texts: string[]): Promise<void> {
    await this.composer.evaluate(async (field, all) => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      field.focus()
      for (const text of all) {
        document.execCommand('insertText', false, text)
        await drawn()
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
        await drawn()
      }
    }, texts)
  }

  message(text: string | RegExp): Locator {
    return this.messages.filter({ hasText: text })
  }

  /** Continues without a service worker, because setOffline doesn't stop its requests. */
  async leaveServiceWorker(): Promise<void> {
    await this.page.addInitScript(() => {
      navigator.serviceWorker.register = () => new Promise(() => undefined)
    })
    await this.page.evaluate(async () => (await navigator.serviceWorker.ready).unregister())
    await this.page.reload()
    await this.untilConnected()
  }

  /** A message with exactly this text. Not a substring match: « n° 10 » followed by a time before ten o'clock contains « n° 100 ». */
  saying(text: string): Locator {
    return this.messages.filter({ has: this.page.getByText(text, { exact: true }) })
  }

  /** Checks the shown state of one's own message: « Envoyé », « Distribué », « Lu »… */
  async expectState(text: string, state: string | RegExp): Promise<void> {
    await expect(this.message(text).getByTitle(state, { exact: typeof state === 'string' })).toBeVisible()
  }

  /** Presses a button by its name. */
  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click()
  }

  async openMenu(text: string): Promise<void> {
    const message = this.message(text)
    await message.hover()
    await message.getByRole('button', { name: anyOf(this.words.message.actionsOf) }).or(message.getByRole('button', { name: this.words.message.actionsOwn })).click()
    await expect(this.page.getByRole('menuitem').first()).toBeVisible()
  }

  /** Chooses from the menu of a message. */
  async act(text: string, action: string): Promise<void> {
    await this.openMenu(text)
    await this.page.getByRole('menuitem', { name: action }).click()
  }

  /** All texts from the first message on. Only rows near the viewport are rendered, so this scrolls through all of them. */
  async history(): Promise<string[]> {
    const start = this.pane.getByText(this.words.message.start)
    await expect
      .poll(async () => {
        await this.scroller.evaluate((element) => {
          element.scrollTo({ top: 0, behavior: 'instant' })
        })
        return start.count()
      })
      .toBe(1)
    return this.scroller.evaluate(async (element) => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const found = new Map<number, string>()
      let before = -1
      element.scrollTo({ top: 0, behavior: 'instant' })
      while (element.scrollTop !== before) {
        await drawn()
        for (const row of element.querySelectorAll<HTMLElement>('li[data-index]')) {
          const text = row.querySelector('.bubble-text')?.textContent
          if (text) found.set(Number(row.dataset.index), text)
        }
        before = element.scrollTop
        element.scrollBy({ top: element.clientHeight / 2, behavior: 'instant' })
      }
      return [...found].sort(([a], [b]) => a - b).map(([, text]) => text)
    })
  }

  /** The matching texts in the order of the screen. */
  async texts(pattern: RegExp): Promise<string[]> {
    const all = await this.messages.allInnerTexts()
    return all.flatMap((text) => pattern.exec(text)?.[0] ?? [])
  }
}
