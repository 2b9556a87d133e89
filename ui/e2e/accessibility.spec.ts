import type { AxeResults, RunOptions } from 'axe-core'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cutOff, settle, smallTargets } from './cutOff'
import type { Person } from './person'
import { expect, test } from './test'
import { forEachTour } from './tour'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

for (const language of ['fr', 'ar'] as const) {
  test.describe(`axe finds nothing, nothing is cut off or too small for a finger (${language})`, () => {
    test.use({
      language,
      reducedMotion: 'reduce',
      // Colours are the same in every language: each layout is walked through once in each theme.
      colorScheme: async ({ isMobile }, use) => use(isMobile === (language === 'fr') ? 'dark' : 'light'),
      // On the narrowest phone. The size stays: after changes of it a loaded browser may draw no more frames.
      viewport: async ({ viewport, isMobile }, use) => use(isMobile ? { width: 320, height: 640 } : viewport),
    })
    forEachTour((name, walk) => {
      test(name, async ({ school, visit, enter, tolerate }) => {
        // The screens are many.
        test.slow()
        // Reported together at the end, so that one run finds everything.
        const found: unknown[] = []
        const show = async (person: Person, screen: string) => {
          found.push(...(await violations(person, screen)))
          if (person.isOnPhone) found.push(...(await cutOff(person.page, screen)), ...(await smallTargets(person.page, screen)))
        }
        await walk({ school, visit, enter, tolerate, show })
        expect(found).toEqual([])
      })
    })
  })
}

// In French, whose texts are the longest. What is peculiar to writing from right to left shows on the phone as well.
test.describe('nothing is cut off where a computer’s page is zoomed to 200 %', () => {
  test.use({ reducedMotion: 'reduce', viewport: { width: 640, height: 400 } })
  forEachTour((name, walk) => {
    test(name, { tag: '@desktop' }, async ({ school, visit, enter, tolerate }) => {
      test.slow()
      const found: unknown[] = []
      await walk({ school, visit, enter, tolerate, show: async ({ page }, screen) => void found.push(...(await cutOff(page, screen))) })
      expect(found).toEqual([])
    })
  })
})

test('everything is there in English, and stays so after a reload', { tag: '@desktop' }, async ({ visit }) => {
  const visitor = await visit()
  await visitor.page.getByRole('combobox', { name: 'Langue' }).selectOption('English')
  await expect(visitor.page.getByRole('heading', { name: 'Log in' })).toBeVisible()
  await expect(visitor.page.locator('html')).toHaveAttribute('lang', 'en')
  await visitor.page.reload()
  await visitor.page.getByRole('textbox', { name: 'E-mail address' }).fill('claire.martin@demo.example')
  await visitor.page.getByLabel('Password', { exact: true }).fill('messagerie-demo')
  await visitor.page.getByRole('button', { name: 'Log in' }).click()
  await expect(visitor.page.getByRole('status', { name: 'Connection' })).toHaveText('Connected')
  await visitor.page.getByRole('button', { name: /^Jérôme Lefèvre/ }).click()
  await visitor.page.getByRole('textbox', { name: 'Message to Jérôme Lefèvre' }).fill('In English')
  await visitor.page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(visitor.page.getByTitle('Sent', { exact: true })).toBeVisible()
})

test('an account’s own language is used where none was chosen', { tag: '@desktop' }, async ({ visit }) => {
  const emily = await visit()
  await emily.tryLogIn('emily.clarke')
  await expect(emily.page.getByRole('searchbox', { name: 'Search' })).toBeVisible()
})

/** Without `preload`, which fetches all styles again for a rule about turned screens that no style of ours concerns. */
const options = { resultTypes: ['violations'], preload: false } satisfies RunOptions

async function violations({ page }: Person, screen: string): Promise<unknown[]> {
  await settle(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  const results = await page.evaluate(async (chosen) => {
    const { axe } = window as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }
    return axe.run(chosen)
  }, options)
  return results.violations.map(({ id, help, nodes }) => ({
    screen,
    rule: `${id}: ${help}`,
    elements: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary}`),
  }))
}
