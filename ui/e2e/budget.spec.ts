import { firstConversation } from './firstConversation'
import { expect, test } from './test'

test('at most 130 KB of compressed JavaScript are loaded before the first conversation shows', { tag: '@desktop' }, async ({ browser, enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  // Nothing is cached; only the session is kept.
  const context = await browser.newContext({ storageState: await claire.page.context().storageState() })
  const { scripts } = await firstConversation(await context.newPage(), claire.page.url())
  await context.close()
  const sum = scripts.reduce((total, { compressed }) => total + compressed, 0)
  expect(scripts.length).toBeGreaterThan(0)
  expect(sum).toBeLessThanOrEqual(130_000)
  // What an edit needs, with the texts of all that is opened later, comes once the messages are painted.
  expect(scripts.filter(({ name }) => /\/(Correction|later)-/.test(name))).toEqual([])
  for (const { name, compressed, size } of scripts.filter(({ size }) => size > 2000)) {
    expect(compressed, name).toBeLessThan(size / 2)
  }
})
