import { NextVersion } from './nextVersion'
import { Person } from './person'
import { expect, test as base } from './test'

const test = base.extend<{ next: NextVersion }>({
  next: async ({ school }, use) => {
    const next = await NextVersion.before(school.url)
    await use(next)
    next.close()
  },
})

const offerOf = ({ page }: Person) => page.getByRole('complementary', { name: 'Mise à jour' })

/** Does what the client does by itself once an hour. */
async function lookForUpdate({ page }: Person): Promise<void> {
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update()
  })
}

/** Counts how often the page has been loaded since. */
function countLoads({ page }: Person): () => number {
  let loads = 0
  page.on('load', () => {
    loads += 1
  })
  return () => loads
}

test.beforeEach(({ tolerate }) => {
  // Leaving a page closes its socket, whether it was open or not.
  tolerate(/WebSocket is closed before the connection is established/)
})

test.use({ hasServiceWorker: true })

test('a new version is offered; nothing reloads until somebody agrees, and the draft is kept', { tag: '@desktop' }, async ({ next, visit }) => {
  const claire = await visit(next.url)
  await claire.logIn('claire.martin')
  await claire.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await claire.open('Jérôme Lefèvre')
  await claire.composer.fill('Un mot que je n’ai pas fini')
  const loads = countLoads(claire)
  await lookForUpdate(claire)
  await expect(offerOf(claire)).toHaveCount(0)

  next.release()
  await lookForUpdate(claire)
  await expect(offerOf(claire).getByRole('status')).toHaveText('Une nouvelle version est prête.')
  await claire.composer.press('End')
  await claire.composer.pressSequentially(' encore')
  expect(loads()).toBe(0)

  const isLoaded = claire.page.waitForEvent('load')
  await offerOf(claire).getByRole('button', { name: 'Recharger' }).click()
  await isLoaded
  await claire.untilConnected()
  await expect(claire.composer).toHaveValue('Un mot que je n’ai pas fini encore')
  expect(loads()).toBe(1)
  await lookForUpdate(claire)
  await expect(offerOf(claire)).toHaveCount(0)
})

test('“later” postpones it; the other tab is asked separately', { tag: '@desktop' }, async ({ next, visit }) => {
  const claire = await visit(next.url)
  await claire.logIn('claire.martin')
  await claire.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const secondTab = new Person(await claire.page.context().newPage())
  await secondTab.page.goto(next.url)
  await secondTab.untilConnected()
  const loads = [claire, secondTab].map(countLoads)

  next.release()
  await lookForUpdate(claire)
  await offerOf(claire).getByRole('button', { name: 'Plus tard' }).click()
  await expect(offerOf(claire)).toHaveCount(0)
  await claire.open('Jérôme Lefèvre')
  await claire.write('Toujours là')
  await claire.expectState('Toujours là', 'Envoyé')

  await offerOf(secondTab).getByRole('button', { name: 'Recharger' }).click()
  await secondTab.untilConnected()
  await expect.poll(() => loads.map((count) => count())).toEqual([0, 1])
})
