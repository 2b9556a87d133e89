import type { Locator } from '@playwright/test'
import { Api } from './api'
import type { Person } from './person'
import { expect, test } from './test'

test('scrolling up loads older messages without moving those on the screen', async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  await expect(claire.messages.last()).toBeInViewport()
  await expect(claire.message('avancée d\'un quart d\'heure')).toBeInViewport()

  const olderPages = await holdOlderPages(claire)
  const everything = await (await Api.asPerson(school.url, 'claire.martin')).messages(claire.conversationId)
  const times = claire.scroller.locator('time')
  const height = () => claire.scroller.evaluate((element) => element.scrollHeight)
  while ((await claire.pane.getByText('Début de la conversation').count()) === 0) {
    await olderPages.askedBy(() => scrollTo(claire.scroller, 300))
    const moment = await times.nth(8).getAttribute('datetime')
    const anchor = claire.scroller.locator(`time[datetime="${moment}"]`)
    const before = await anchor.boundingBox()
    const heightBefore = await height()
    olderPages.release()
    await expect.poll(height).toBeGreaterThan(heightBefore + 300)
    const after = await anchor.boundingBox()
    expect(Math.abs((after?.y ?? NaN) - (before?.y ?? NaN))).toBeLessThanOrEqual(2)
  }
  expect(await claire.history()).toEqual(everything.map(({ content }) => content))
})

test('somebody who has scrolled up sees that there are new messages, and isn’t moved', async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  await expect(claire.messages.last()).toBeInViewport()
  await scrollTo(claire.scroller, 700)
  const place = await claire.scroller.evaluate((element) => element.scrollTop)

  const karim = await Api.asPerson(school.url, 'karim.haddad')
  await karim.send(claire.conversationId, 'Je vous rappelle.')
  const toEnd = claire.pane.getByRole('button', { name: '1 nouveau message' })
  await expect(toEnd).toBeVisible()
  expect(await claire.scroller.evaluate((element) => element.scrollTop)).toBeCloseTo(place, -1)
  await expect(claire.message('Je vous rappelle.')).not.toBeInViewport()

  await toEnd.click()
  await expect(claire.message('Je vous rappelle.')).toBeInViewport()
  await expect(toEnd).toBeHidden()
})

test('the reading position is kept when leaving the conversation and on a reload', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  await expect(claire.messages.last()).toBeInViewport()
  await claire.history()
  await scrollTo(claire.scroller, 700)
  const inSight = claire.scroller.locator('li[data-message]').nth(8)
  const read = claire.scroller.locator(`li[data-message="${await inSight.getAttribute('data-message')}"]`)
  const above = async () => (await read.boundingBox())?.y ?? NaN
  const before = await above()

  await claire.showList()
  await claire.open('Jérôme Lefèvre')
  await expect(claire.messages.last()).toBeInViewport()
  await claire.showList()
  await claire.open('Karim Haddad')
  await expect.poll(above).toBeCloseTo(before, 0)

  await claire.page.reload()
  await claire.untilConnected()
  await expect.poll(above).toBeCloseTo(before, 0)
})

test('a conversation doesn’t move by itself, wherever scrolling stops', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  await expect(claire.messages.last()).toBeInViewport()
  await claire.history()

  const found = await claire.scroller.evaluate(async (element) => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const heights = new Map<string, Set<string>>()
    const look = () =>
      [...element.querySelectorAll<HTMLElement>('li[data-index]')].map((row) => {
        const { top, height } = row.getBoundingClientRect()
        const name = `${row.dataset.index} ${row.className}`
        heights.set(name, (heights.get(name) ?? new Set()).add(height.toFixed(1)))
        return `${name} at ${top.toFixed(1)}`
      }).join()
    const restless: string[] = []
    for (let top = element.scrollHeight; top > 0; top -= 331) {
      element.scrollTo({ top, behavior: 'instant' })
      // Rows are rendered and measured.
      for (let frame = 0; frame < 4; frame++) await drawn()
      const before = look()
      await drawn()
      if (look() !== before) restless.push(`at ${top}: ${before} | ${look()}`)
    }
    // A row whose height depended on its neighbours would move all the others.
    return { restless, changing: [...heights].filter(([, seen]) => seen.size > 1).map(([name, seen]) => [name, ...seen]) }
  })
  expect(found).toEqual({ restless: [], changing: [] })
})

/** Waits until the rows there are rendered. */
async function scrollTo(scroller: Locator, top: number): Promise<void> {
  await scroller.evaluate(async (element, y) => {
    element.scrollTo({ top: y, behavior: 'instant' })
    const { top: edge, bottom } = element.getBoundingClientRect()
    const isThere = () => {
      const rows = [...element.querySelectorAll('li[data-index]')].map((row) => row.getBoundingClientRect())
      return rows.some((row) => row.top < bottom && row.bottom > edge) && (rows.at(-1)?.bottom ?? 0) > bottom
    }
    // They are rendered and measured.
    for (let frame = 0; frame < 4 || !isThere(); frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  }, top)
}

interface OlderPages {
  /** Does something and waits until the page has requested older messages; the response is held back. */
  askedBy: (action: () => Promise<void>) => Promise<void>
  release: () => void
}

/** Holds responses back, so that positions before and after can be measured. */
async function holdOlderPages({ page }: Person): Promise<OlderPages> {
  let released = Promise.resolve()
  let release = () => {}
  await page.context().route(/\/api\/messagerie\/messages\/\d+\/\?.*before=/, async (route) => {
    const response = await route.fetch()
    await released
    await route.fulfill({ response })
  })
  return {
    askedBy: async (action) => {
      released = new Promise((resolve) => {
        release = resolve
      })
      const asked = page.waitForRequest(/before=/)
      await action()
      await asked
    },
    release: () => {
      release()
    },
  }
}
