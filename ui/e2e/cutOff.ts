import type { Page } from '@playwright/test'

/** A colour on its way to another, or a box not yet in its place, is no finding. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await drawn()
    // Looked at, not waited for: `finished` of one whose element goes meanwhile may never tell.
    const mostFrames = 120
    let frame = 0
    do await drawn()
    while (document.getAnimations().some(({ playState }) => playState === 'running') && ++frame < mostFrames)
  })
}

/** What has to be scrolled sideways, can't be reached, stands upon something else or in too small a box. */
export async function cutOff(page: Page, screen: string): Promise<unknown[]> {
  await settle(page)
  const elements = await page.evaluate(() => {
    const scrollsSideways = (element: Element) =>
      element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && /auto|scroll/.test(getComputedStyle(element).overflowX)
    const isOutside = (element: Element) => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 1 && element.checkVisibility() && (left < -1 || right > window.innerWidth + 1)
    }
    const wide = [...document.querySelectorAll('body *')].filter(scrollsSideways)
    const outside = [...document.querySelectorAll('button, a, input, select, textarea, label, h1, h2')].filter(isOutside)
    // Lines of a list that stand one upon the other.
    const isCovered = (line: Element) => {
      const next = line.nextElementSibling?.getBoundingClientRect()
      const { left, right, top, bottom, width } = line.getBoundingClientRect()
      return next && width > 1 && next.width > 1 && next.top < bottom - 2 && next.bottom > top + 2 && next.left < right - 2 && next.right > left + 2
    }
    // What one presses or fills in shows all of its words; only a line of a list may end with an ellipsis.
    const isTooSmall = (element: Element) => {
      const { overflowX, overflowY } = getComputedStyle(element)
      const hides = overflowX !== 'visible' || overflowY !== 'visible'
      const isHigh = element.scrollHeight > element.clientHeight + 2 && !/auto|scroll/.test(overflowY)
      return element.clientWidth > 1 && hides && (element.scrollWidth > element.clientWidth + 1 || isHigh) && element.checkVisibility({ visibilityProperty: true })
    }
    const isPageWide = document.documentElement.scrollWidth > window.innerWidth
    return [...(isPageWide ? [document.documentElement] : []), ...wide, ...outside, ...[...document.querySelectorAll('button:not(.conversation), a, label, h1, h2, h3, legend')].filter(isTooSmall), ...[...document.querySelectorAll('li')].filter(isCovered)].map((one) => one.outerHTML.slice(0, 200))
  })
  return elements.map((element) => ({ screen, rule: 'cut off', element }))
}
