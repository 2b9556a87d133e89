import { type Page, test as base } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Api } from '../e2e/api'
import { type FirstConversation, firstConversation } from '../e2e/firstConversation'
import { Person } from '../e2e/person'
import { School } from '../e2e/school'
import { conversations, fill, type FullSchool, longHistory } from './fullSchool'
import { logIn, openProfile, scores } from './lighthouse'
import { busyness } from './mainThread'

/** A line of the list. */
const line = '[data-conversation]'
/** How far one scrolls up in the long conversation. */
const steps = 150

interface Place extends FullSchool {
  url: string
  folder: string
}

/** One school for all: filling it takes longest. */
const test = base.extend<{ claire: Person }, { place: Place }>({
  place: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'messagerie-measure-'))
      const configFile = path.join(folder, 'config.yaml')
      // Two people write what a whole school writes in weeks.
      await writeFile(configFile, 'limits: {requests_per_second: 100000, requests_burst: 100000}\n')
      const school = await School.open({ dataDir: path.join(folder, 'data'), configFile })
      await use({ ...(await fill(school.url)), url: school.url, folder })
      await school.stop()
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  claire: async ({ browser, place }, use) => {
    const context = await browser.newContext({ baseURL: place.url })
    const claire = new Person(await context.newPage())
    await claire.page.goto('/')
    await claire.logIn('claire.martin')
    await use(claire)
    await context.close()
  },
})

function figure(name: string, value: number, unit: string, goal = ''): void {
  const text = `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`
  test.info().annotations.push({ type: 'figure', description: [name, text, goal].join('\t') })
}

async function mainThread(page: Page, name: string, work: () => Promise<void>): Promise<void> {
  const { longest, long } = await busyness(page, work)
  figure(name, longest, 'ms', `at most 50 ms${long > 0 ? `; ${long} above` : ''}`)
}

test('The school', async ({ place }) => {
  figure(`${longHistory.toLocaleString('en')} messages written in`, place.seconds, 's')
})

test('The first conversation, nothing being kept in the browser', async ({ browser, claire, place }) => {
  const storageState = await claire.page.context().storageState()
  const visits: FirstConversation[] = []
  // The first fills the caches of the system, as those of the school's other people have.
  for (let visit = 0; visit < 6; visit += 1) {
    const context = await browser.newContext({ baseURL: place.url, storageState })
    visits.push(await firstConversation(await context.newPage(), `/c/${place.longId}`))
    await context.close()
  }
  const [{ scripts } = { scripts: [] }, ...others] = visits
  const sum = (field: 'compressed' | 'size') => scripts.reduce((total, script) => total + script[field], 0) / 1000
  figure('JavaScript until then, compressed', sum('compressed'), 'KB', 'at most 130 KB')
  figure('JavaScript until then, unpacked', sum('size'), 'KB')
  figure('time until then, median of five', median(others.map(({ after }) => after)), 'ms')
})

test('The longest task of the main thread, the processor slowed down four times', async ({ claire, place }) => {
  const { page } = claire
  const jerome = await Api.asPerson(place.url, 'jerome.lefevre')
  const { conversation_id: otherId } = await jerome.converse([1])
  await mainThread(page, 'loading the page with the list', async () => {
    await page.reload()
    await shown(page, line)
  })
  await mainThread(page, 'scrolling the list until all 300 are there', async () => {
    await page.mouse.move(150, 500)
    for (let step = 0; step < 100 && !(await isShown(page, `[aria-posinset="${conversations}"]`, 1)); step += 1) {
      await page.mouse.wheel(0, 1500)
      await quiet(page)
    }
  })
  await mainThread(page, 'scrolling back', async () => {
    for (let step = 0; step < 20; step += 1) {
      await page.mouse.wheel(0, -1500)
      await quiet(page)
    }
  })
  await mainThread(page, 'opening the long conversation', async () => {
    await page.evaluate((id) => {
      document.querySelector<HTMLElement>(`[data-conversation="${id}"]`)?.click()
    }, place.longId)
    await shown(page, '[data-message]')
  })
  await mainThread(page, 'a message arrives in it, ten times', async () => {
    await tenTimes(async (text) => {
      await place.karim.send(place.longId, text)
      await shown(page, '[data-message]:last-of-type', text)
    })
  })
  await mainThread(page, 'a message arrives in another one, ten times', async () => {
    await tenTimes(async (text) => {
      await jerome.send(otherId, text)
      await shown(page, `[data-conversation="${otherId}"]`, text)
    })
  })
  await claire.composer.focus()
  await mainThread(page, 'typing a sentence', async () => {
    await page.keyboard.type('Bonjour, je vous réponds dès que je sors de cours, vers midi.', { delay: 30 })
  })
  await claire.search.focus()
  await mainThread(page, 'searching in the list', async () => {
    await page.keyboard.type('Bérenger', { delay: 30 })
    await quiet(page)
  })
  await claire.search.fill('')
  await claire.scroller.hover()
  let rows = 0
  await mainThread(page, `scrolling up, ${steps} screens`, async () => {
    for (let step = 0; step < steps; step += 1) {
      await page.mouse.wheel(0, -700)
      await quiet(page)
      rows = Math.max(rows, await page.evaluate(() => document.querySelectorAll('[data-message]').length))
    }
  })
  figure('most messages in the page at a time', rows, '')
  figure('elements in the page', await page.evaluate(() => document.querySelectorAll('*').length), '')
})

for (const [name, address] of [['login', '/'], ['chat', '/c/']] as const) {
  test(`Lighthouse, ${name}`, async ({ place }) => {
    const profile = await openProfile(path.join(place.folder, `profile-${name}`))
    if (name === 'chat') await logIn(profile, place.url, 'claire.martin')
    for (const device of ['phone', 'computer'] as const) {
      const { score, short } = await scores(profile, place.url + address + (name === 'chat' ? place.longId : ''), device)
      figure(`${device}: performance`, score.performance, '', 'at least 95')
      figure(`${device}: accessibility`, score.accessibility, '', '100')
      figure(`${device}: best practices`, score['best-practices'], '', '100')
      for (const one of short) test.info().annotations.push({ type: 'figure', description: `  below 90: ${one}` })
    }
    await profile.close()
  })
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

async function tenTimes(work: (text: string) => Promise<void>): Promise<void> {
  for (let time = 0; time < 10; time += 1) await work(`Une nouvelle à ${time} heures`)
}

/**
 * Until there is an element, with that text or in that number, and the browser has nothing
 * else to do. Playwright's own locators would be work for the very thread that is measured.
 */
async function shown(page: Page, selector: string, wanted: string | number = 1): Promise<void> {
  await page.waitForFunction(matches, { selector, wanted }, { timeout: 20_000 })
  await quiet(page)
}

function isShown(page: Page, selector: string, wanted: string | number): Promise<boolean> {
  return page.evaluate(matches, { selector, wanted })
}

function matches({ selector, wanted }: { selector: string; wanted: string | number }): boolean {
  const found = document.querySelectorAll(selector)
  if (typeof wanted === 'number') return found.length >= wanted
  return [...found].some(({ textContent }) => textContent.includes(wanted))
}

async function quiet(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
}
