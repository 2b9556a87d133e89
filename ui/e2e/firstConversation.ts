import type { Page } from '@playwright/test'

interface Script {
  name: string
  /** Transferred size in bytes, without headers. */
  compressed: number
  size: number
}

export interface FirstConversation {
  /** From the start of the navigation until its messages were visible, in milliseconds. */
  after: number
  /** The scripts loaded by then, but for those asked for once the messages were there. */
  scripts: Script[]
}

/** Loads the page of a conversation in a browser without a cache, and measures what it takes until its messages are visible. */
export async function firstConversation(page: Page, address: string): Promise<FirstConversation> {
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('[data-message]')) return
      observer.disconnect()
      performance.mark('its messages')
      requestAnimationFrame(() => setTimeout(() => performance.mark('first conversation')))
    })
    observer.observe(document, { childList: true, subtree: true })
  })
  await page.goto(address)
  await page.waitForFunction(() => performance.getEntriesByName('first conversation').length > 0)
  return page.evaluate(() => {
    const after = performance.getEntriesByName('first conversation')[0]?.startTime ?? NaN
    const there = performance.getEntriesByName('its messages')[0]?.startTime ?? NaN
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const scripts = resources
      .filter(({ name, startTime, responseEnd }) => name.endsWith('.js') && startTime < there && responseEnd <= after)
      .map(({ name, encodedBodySize, decodedBodySize }) => ({
        name: new URL(name).pathname,
        compressed: encodedBodySize,
        size: decodedBodySize,
      }))
    return { after, scripts }
  })
}
