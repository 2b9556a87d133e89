import path from 'node:path'
import type { Person } from './person'
import { test } from './test'
import { forEachTour } from './tour'

/** The target folder, which git ignores. */
const folder = path.resolve(import.meta.dirname, '../test-results/screens')

forEachTour((name, walk) => {
  test(name, async ({ school, visit, enter, tolerate, language }) => {
    await walk({
      school,
      visit,
      enter,
      tolerate,
      show: async (person, screen) => {
        await picture(person, screen, 'light')
        // The colours are the same in every language.
        if (language === 'fr') await picture(person, screen, 'dark')
      },
    })
  })
})

async function picture({ page }: Person, screen: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.evaluate(() => document.fonts.ready)
  const file = `${test.info().project.name}-${colorScheme}/${screen}.png`
  await page.screenshot({ path: path.join(folder, file), animations: 'disabled' })
  await page.emulateMedia({ colorScheme: 'light' })
}
