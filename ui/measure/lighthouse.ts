import { type BrowserContext, chromium } from '@playwright/test'
import lighthouse, { desktopConfig } from 'lighthouse'
import { browser } from '../e2e/browser'
import { Person } from '../e2e/person'

const port = 9333
const categories = ['performance', 'accessibility', 'best-practices'] as const

export type Scores = Record<(typeof categories)[number], number>

/** A browser whose one profile Lighthouse shares: what is stored there is there for it, too. */
export async function openProfile(folder: string): Promise<BrowserContext> {
  const { executablePath, args = [] } = browser.launchOptions ?? {}
  return chromium.launchPersistentContext(folder, {
    ...(executablePath ? { executablePath } : {}),
    args: [...args, `--remote-debugging-port=${port}`],
    locale: 'fr-FR',
  })
}

export async function logIn(profile: BrowserContext, url: string, login: string): Promise<void> {
  const page = await profile.newPage()
  await page.goto(url)
  await new Person(page).logIn(login)
  await page.close()
}

/** The session stays, what makes a second visit faster doesn't. */
async function forgetFiles(profile: BrowserContext, url: string): Promise<void> {
  const page = await profile.newPage()
  const devtools = await profile.newCDPSession(page)
  await devtools.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'service_workers,cache_storage' })
  await devtools.send('Network.clearBrowserCache')
  await page.close()
}

/** Lighthouse's scores of a first visit, and what kept them below a hundred. */
export async function scores(profile: BrowserContext, address: string, device: 'phone' | 'computer') {
  await forgetFiles(profile, new URL(address).origin)
  const flags = { port, logLevel: 'error' as const, onlyCategories: [...categories], disableStorageReset: true }
  const run = await lighthouse(address, flags, device === 'computer' ? desktopConfig : undefined)
  if (!run || run.lhr.runtimeError) throw new Error(run?.lhr.runtimeError?.message ?? `no score for ${address}`)
  const { categories: found, audits } = run.lhr
  const score = Object.fromEntries(categories.map((name) => [name, Math.round((found[name]?.score ?? NaN) * 100)])) as Scores
  const short = Object.values(audits)
    .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== 'informative')
    .map(({ title, displayValue }) => (displayValue ? `${title}: ${displayValue}` : title))
  return { score, short }
}
