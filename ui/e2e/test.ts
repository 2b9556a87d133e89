import { type BrowserContext, type BrowserContextOptions, type Page, test as base } from '@playwright/test'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Api } from './api'
import { describePage, recordEvents } from './failingPage'
import { Person } from './person'
import { emailOf, School } from './school'
import { dictionaries, type Language } from './words'

export { expect } from '@playwright/test'

export interface TestFixtures {
  /** The server's configuration file, for `test.use`. */
  config: string
  /** The language of every screen, for `test.use`. */
  language: Language
  /**
   * Whether the browser has service workers, as most have. Fetching and keeping the whole client takes a third of the
   * processor time of a test: only where offline, restarts or notifications matter, `test.use({ hasServiceWorker: true })`.
   */
  hasServiceWorker: boolean
  /** A school of the test's own. */
  school: School
  /** Opens a browser at the log-in page, or a device of another kind: `visit('/', phone)`. */
  visit: (path?: string, device?: Device) => Promise<Person>
  /** Opens a browser that has logged in before: `enter('claire.martin')`. */
  enter: (login: string) => Promise<Person>
  /** Errors in a browser's console fail the test, except for these. */
  tolerate: (...errors: RegExp[]) => void
}

interface WorkerFixtures {
  /** A filled data directory to copy, which is faster than filling one, and the tokens of people who have logged in there. */
  template: { dataDir: string; tokens: Map<string, string> }
  /** A directory that is removed when the worker ends. */
  workDir: string
}

/** Opens a page in a browser of its own, in which the client has stored something before. */
type Open = (address: string, options?: { stored?: Record<string, string>; device?: Device | undefined }) => Promise<Person>
type Device = Pick<BrowserContextOptions, 'viewport' | 'deviceScaleFactor' | 'hasTouch' | 'isMobile'>

export const test = base.extend<TestFixtures & { errors: ErrorBook; open: Open }, WorkerFixtures>({
  workDir: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const workDir = await mkdtemp(path.join(tmpdir(), 'messagerie-e2e-'))
      await use(workDir)
      await rm(workDir, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  template: [
    async ({ workDir }, use) => {
      const dataDir = path.join(workDir, 'template')
      const configFile = path.join(workDir, 'template.yaml')
      await writeFile(configFile, '')
      const school = await School.open({ dataDir, configFile })
      const tokens = new Map<string, string>()
      for (const login of oftenEntering) tokens.set(login, (await Api.asPerson(school.url, login)).token)
      await school.stop()
      await use({ dataDir, tokens })
    },
    { scope: 'worker' },
  ],
  config: ['', { option: true }],
  language: ['fr', { option: true }],
  hasServiceWorker: [false, { option: true }],
  school: async ({ workDir, template, config }, use, info) => {
    const dir = path.join(workDir, info.testId)
    const options = { dataDir: path.join(dir, 'data'), configFile: path.join(dir, 'config.yaml') }
    await mkdir(dir)
    await cp(template.dataDir, options.dataDir, { recursive: true })
    await writeFile(options.configFile, config)
    const school = await School.open(options)
    await use(school)
    await school.crash()
    await rm(dir, { recursive: true, force: true })
  },
  // eslint-disable-next-line no-empty-pattern
  errors: async ({}, use) => {
    const book = new ErrorBook()
    await use(book)
    book.check()
  },
  tolerate: async ({ errors }, use) => {
    await use((...patterns) => {
      errors.tolerated.push(...patterns)
    })
  },
  open: async ({ browser, school, language, hasServiceWorker, errors }, use, info) => {
    const contexts: BrowserContext[] = []
    await use(async (address, { stored = {}, device } = {}) => {
      const localStorage = Object.entries(stored).map(([name, value]) => ({ name, value }))
      const storageState = { cookies: [], origins: [{ origin: school.url, localStorage }] }
      const context = await browser.newContext({ ...device, baseURL: school.url, storageState })
      contexts.push(context)
      await recordEvents(context)
      if (!hasServiceWorker) await context.addInitScript(removeServiceWorkers)
      if (language !== 'fr') await context.addInitScript(chooseLanguage, language)
      context.on('page', (page) => {
        errors.watch(page)
      })
      const page = await context.newPage()
      await page.goto(address)
      return new Person(page, dictionaries[language])
    })
    if (info.status !== info.expectedStatus) {
      const pages = contexts.flatMap((context) => context.pages())
      await info.attach('pages', { body: (await Promise.all(pages.map(describePage))).join('\n'), contentType: 'text/plain' })
    }
    for (const context of contexts) await context.close()
  },
  visit: async ({ open }, use) => {
    await use((address = '/', device = undefined) => open(address, { device }))
  },
  enter: async ({ open, school, template }, use) => {
    await use(async (login) => {
      const token = template.tokens.get(login) ?? (await Api.asPerson(school.url, login)).token
      const person = await open('/', { stored: { 'messagerie.token': token, 'messagerie.email': emailOf(login) } })
      await person.untilConnected()
      return person
    })
  },
})

/** People whose devices are in the template: logging in takes time in each test. */
const oftenEntering = ['claire.martin', 'jerome.lefevre', 'fatima.benali', 'helene.vasseur', 'zoe.marchand', 'laetitia.coeur', 'elodie.garcon']

/** As if it had been chosen in the page's menu. about:blank has no storage. */
function chooseLanguage(language: Language): void {
  if (window.origin !== 'null') localStorage.setItem('messagerie.language', language)
}

/** As in a browser without them. */
function removeServiceWorkers(): void {
  delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker
}

/** While the server is down, a browser reports each failed connection. */
export const connectionErrors = [/net::ERR_/, /WebSocket connection to .* failed/]

class ErrorBook {
  /** React reports a part of the page that is fetched again later; that it failed is reported by the browser. */
  readonly tolerated: RegExp[] = [/A part of the page could not be fetched/]
  private readonly errors: string[] = []

  watch(page: Page): void {
    page.on('pageerror', (error) => {
      this.errors.push(`${error.name}: ${error.message}`)
    })
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.errors.push(`${message.text()} (${message.location().url})`)
      }
    })
  }

  check(): void {
    const unexpected = this.errors.filter((error) => !this.tolerated.some((pattern) => pattern.test(error)))
    if (unexpected.length > 0) throw new Error(`errors in a browser's console:\n${unexpected.join('\n')}`)
  }
}
