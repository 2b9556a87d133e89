import type { Page } from '@playwright/test'

/** Waits for transitions to end: a changing colour, or a moving box, would be reported. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await drawn()
    // Polled, because `finished` may never resolve for an animation whose element is removed.
    const mostFrames = 120
    let frame = 0
    do await drawn()
    while (document.getAnimations().some(({ playState }) => playState === 'running') && ++frame < mostFrames)
  })
}

/** Finds elements that have to be scrolled sideways, can't be reached, overlap others or don't fit their box. */
export async function cutOff(page: Page, screen: string): Promise<unknown[]> {
  await settle(page)
  const elements = await page.evaluate(() => {
    // Meant to be scrolled: the filters of a search on a phone, and rows of sections.
    const isStrip = (element: Element) => element.closest('.find-filters, .strip') !== null
    const scrollsSideways = (element: Element) =>
      !isStrip(element) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && /auto|scroll/.test(getComputedStyle(element).overflowX)
    const isOutside = (element: Element) => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 1 && !isStrip(element) && element.checkVisibility() && (left < -1 || right > window.innerWidth + 1)
    }
    const wide = [...document.querySelectorAll('body *')].filter(scrollsSideways)
    const outside = [...document.querySelectorAll('button, a, input, select, textarea, label, h1, h2')].filter(isOutside)
    // Overlapping lines of a list.
    const isCovered = (line: Element) => {
      const next = line.nextElementSibling?.getBoundingClientRect()
      const { left, right, top, bottom, width } = line.getBoundingClientRect()
      return next && width > 1 && next.width > 1 && next.top < bottom - 2 && next.bottom > top + 2 && next.left < right - 2 && next.right > left + 2
    }
    // Controls must show all of their text; only a line of a list may end with an ellipsis.
    const isTooSmall = (element: Element) => {
      const { overflowX, overflowY } = getComputedStyle(element)
      const hides = overflowX !== 'visible' || overflowY !== 'visible'
      const isHigh = element.scrollHeight > element.clientHeight + 2 && !/auto|scroll/.test(overflowY)
      return element.clientWidth > 1 && hides && (element.scrollWidth > element.clientWidth + 1 || isHigh) && element.checkVisibility({ visibilityProperty: true })
    }
    // A select can't wrap its text. One that is meant to be unseen lies over it.
    const isShort = (select: HTMLSelectElement) => {
      const { font, opacity, paddingLeft, paddingRight } = getComputedStyle(select)
      const context = document.createElement('canvas').getContext('2d')
      if (!context || opacity === '0' || !select.checkVisibility()) return false
      context.font = font
      const arrow = 16
      const room = select.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight) - arrow
      return !isStrip(select) && context.measureText(select.selectedOptions[0]?.text ?? '').width > room
    }
    const isPageWide = document.documentElement.scrollWidth > window.innerWidth
    return [...(isPageWide ? [document.documentElement] : []), ...wide, ...outside, ...[...document.querySelectorAll('select')].filter(isShort), ...[...document.querySelectorAll('button:not(.conversation), a, label, h1, h2, h3, legend')].filter(isTooSmall), ...[...document.querySelectorAll('li')].filter(isCovered)].map((one) => one.outerHTML.slice(0, 200))
  })
  return elements.map((element) => ({ screen, rule: 'cut off', element }))
}

/** Finds targets that are too small for a finger: under 44 px high or wide. What surrounds one and belongs to it counts, such as a label, and so do the widened edges of a small button. */
export async function smallTargets(page: Page, screen: string): Promise<unknown[]> {
  await settle(page)
  const elements = await page.evaluate(() => {
    const least = 43.5
    const length = (value: string) => Number.parseFloat(value) || 0
    /** Its box, together with that of a pseudo-element that widens it. */
    const sizeOf = (element: Element) => {
      const { width, height } = element.getBoundingClientRect()
      const edge = getComputedStyle(element, '::after')
      return edge.position === 'absolute' ? { width: Math.max(width, length(edge.width)), height: Math.max(height, length(edge.height)) } : { width, height }
    }
    const isSmall = (element: Element) => {
      const sizes = [element, ...(element instanceof HTMLInputElement ? (element.labels ?? []) : [])].map(sizeOf)
      return !sizes.some(({ width, height }) => width >= least && height >= least)
    }
    // Hidden for the eye, or only for a mouse.
    const isShown = (element: Element) => element.getBoundingClientRect().width > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    // Text flows around links in it.
    const isInText = (element: Element) => element.matches('p a, .bubble-text *')
    const targets = [...document.querySelectorAll('button, a, input, select, textarea, summary, [role^=menuitem], [role=option], [role=tab]')]
    return targets.filter((one) => isShown(one) && !isInText(one) && isSmall(one)).map((one) => {
      const { width, height } = one.getBoundingClientRect()
      return `${Math.round(width)} × ${Math.round(height)}: ${one.outerHTML.slice(0, 160)}`
    })
  })
  return elements.map((element) => ({ screen, rule: 'too small for a finger', element }))
}
