import type { Page } from '@playwright/test'
import type { Person } from './person'
import { cutOff } from './cutOff'
import { expect, test } from './test'
import { forEachTour } from './tour'

test.use({ reducedMotion: 'reduce', viewport: { width: 360, height: 640 } })

/** As with a phone's setting for large text, or a browser's text zoom: only the text grows. */
async function enlarge(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
  })
}

forEachTour((name, walk) => {
  test(`text twice as large isn’t cut off on a narrow phone: ${name}`, { tag: '@phone' }, async ({ school, visit, enter, tolerate }) => {
    test.slow()
    const found: unknown[] = []
    const show = async (person: Person, screen: string) => {
      await enlarge(person.page)
      found.push(...(await cutOff(person.page, screen)))
      if (process.env.SHOTS) await person.page.screenshot({ path: `${process.env.SHOTS}/${name}-${screen}.png`, scale: 'css' })
    }
    await walk({ school, visit, enter, tolerate, show })
    expect(found).toEqual([])
  })
})
