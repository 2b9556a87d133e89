import type { Person } from './person'
import { Api } from './api'
import { connectionErrors, expect, test } from './test'

/** How much of the last message is below the viewport, in pixels. */
function hiddenOf({ scroller }: Person): Promise<number> {
  return scroller.evaluate(async (element) => {
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    const last = [...element.querySelectorAll('li[data-message], li[data-index]')].at(-1)
    return Math.round((last?.getBoundingClientRect().bottom ?? NaN) - element.getBoundingClientRect().bottom)
  })
}

/** Claire at the end of a conversation that is longer than the screen, and Karim. */
async function atTheEnd(url: string, enter: (login: string) => Promise<Person>) {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  await expect(claire.messages.last()).toBeInViewport()
  await expect.poll(() => hiddenOf(claire)).toBeLessThanOrEqual(0)
  return { claire, karim: await Api.asPerson(url, 'karim.haddad') }
}

const toEnd = ({ pane }: Person) => pane.getByRole('button', { name: /nouveaux? messages?|derniers messages/ })

test('the end stays in view while the composer grows, letter by letter and line by line, and shrinks', async ({ school, enter }) => {
  const { claire, karim } = await atTheEnd(school.url, enter)
  await claire.composer.focus()
  for (let line = 1; line <= 8; line++) {
    await claire.composer.pressSequentially(`ligne ${line}`)
    await claire.composer.press('Shift+Enter')
    expect(await hiddenOf(claire)).toBeLessThanOrEqual(0)
  }
  await karim.send(claire.conversationId, 'Pendant ce temps')
  await expect(claire.message('Pendant ce temps')).toBeInViewport({ ratio: 1 })
  await claire.composer.fill('')
  expect(await hiddenOf(claire)).toBeLessThanOrEqual(0)
  await expect(toEnd(claire)).toHaveCount(0)
})

test('a scrolled-up position stays while the composer grows, and arriving messages aren’t marked as read', async ({ school, enter }) => {
  const { claire, karim } = await atTheEnd(school.url, enter)
  await claire.scroller.hover()
  await claire.page.mouse.wheel(0, -400)
  await expect(toEnd(claire)).toBeVisible()
  await expect.poll(() => claire.scroller.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeCloseTo(400, -1)
  const top = await claire.scroller.evaluate((element) => element.scrollTop)
  await claire.composer.fill('un\ndeux\ntrois\nquatre')
  expect(await claire.scroller.evaluate((element) => element.scrollTop)).toBe(top)
  await karim.send(claire.conversationId, 'Plus bas')
  await expect(toEnd(claire)).toHaveText('1 nouveau message')
  expect((await karim.messages(claire.conversationId, 'limit=1'))[0]?.status).not.toBe('read')
})

test('the end stays in view in a smaller window, with larger text, with the keyboard open and offline', async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const { claire } = await atTheEnd(school.url, enter)
  const { width, height } = claire.page.viewportSize() ?? { width: 0, height: 0 }
  await claire.page.setViewportSize({ width: width - 60, height: height - 250 })
  await expect.poll(() => hiddenOf(claire)).toBeLessThanOrEqual(0)
  await claire.page.setViewportSize({ width, height })
  await expect.poll(() => hiddenOf(claire)).toBeLessThanOrEqual(0)

  await claire.page.addStyleTag({ content: ':root { font-size: 24px }' })
  await expect.poll(() => hiddenOf(claire)).toBeLessThanOrEqual(0)

  // Simulates a keyboard that overlays the page, as in other browsers.
  await claire.page.evaluate(() => {
    const view = window.visualViewport
    if (!view) return
    Object.defineProperty(view, 'height', { configurable: true, value: window.innerHeight - 300 })
    view.dispatchEvent(new Event('resize'))
  })
  await expect.poll(async () => ((await claire.composer.boundingBox())?.y ?? NaN) + ((await claire.composer.boundingBox())?.height ?? NaN)).toBeLessThan(height - 300)
  await expect.poll(() => hiddenOf(claire)).toBeLessThanOrEqual(0)

  await claire.page.context().setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')
  await expect.poll(() => hiddenOf(claire)).toBeLessThanOrEqual(0)
  await expect(toEnd(claire)).toHaveCount(0)
})

test('the number of readers below the last message stays in view', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Sortie au musée')
  await expect(claire.messages.last()).toBeInViewport()
  const laetitia = await enter('laetitia.coeur')
  await laetitia.open('Sortie au musée')
  for (const text of ['Un premier message', 'Un second message', 'Un troisième message']) await claire.write(text)
  await expect(claire.message('Un troisième message').getByText(/^Lu par [1-9]/)).toBeInViewport({ ratio: 1 })
  expect(await hiddenOf(claire)).toBeLessThanOrEqual(0)
})

test('an empty conversation has no button to its end', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.search.fill('Nguyen')
  await claire.contacts.getByRole('button').first().click()
  await expect(claire.pane.getByText('Aucun message. Dites bonjour !')).toBeVisible()
  await expect(toEnd(claire)).toHaveCount(0)
})
