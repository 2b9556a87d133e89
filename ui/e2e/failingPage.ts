import type { BrowserContext, Page } from '@playwright/test'

declare global {
  interface Window {
    /** The last events of the page, for a failing test. */
    lastEvents?: string[]
  }
}

/** Keeps what has been pressed, and the steps through the history. */
export async function recordEvents(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const events: string[] = []
    window.lastEvents = events
    const note = (text: string) => {
      events.push(`${Math.round(performance.now())} ${text}`)
      if (events.length > 25) events.shift()
    }
    for (const type of ['mousedown', 'mouseup', 'click', 'popstate', 'online', 'offline', 'visibilitychange']) {
      window.addEventListener(
        type,
        ({ target }) => {
          const label = target instanceof Element ? (target.closest('[aria-label]')?.getAttribute('aria-label') ?? target.textContent.slice(0, 20)) : ''
          note(`${type} ${label}`)
        },
        true,
      )
    }
    for (const name of ['go', 'back', 'pushState', 'replaceState'] as const) {
      const original = window.history[name].bind(window.history) as (...values: unknown[]) => void
      window.history[name] = (...values: unknown[]) => {
        note(`${name} ${JSON.stringify(values)}`)
        original(...values)
      }
    }
  })
}

/** What a screenshot doesn't show of a page in which a test has failed: whether it still draws, where its list stands, what happened last. */
export async function describePage(page: Page): Promise<string> {
  const state = page.evaluate(async () => {
    let frames = 0
    const count = () => {
      frames += 1
      requestAnimationFrame(count)
    }
    requestAnimationFrame(count)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const list = document.querySelector('.messages-scroll')
    return {
      address: location.pathname,
      history: [history.length, history.state] as unknown[],
      visibility: document.visibilityState,
      hasFocus: document.hasFocus(),
      framesInHalfASecond: frames,
      list: list && { top: list.scrollTop, height: list.clientHeight, content: list.scrollHeight },
      connection: document.querySelector('[role=status]')?.textContent,
      now: Math.round(performance.now()),
      workers: 'serviceWorker' in navigator && await navigator.serviceWorker.getRegistration().then((found) => found && [found.installing?.state, found.waiting?.state, found.active?.state]),
      lastEvents: window.lastEvents,
    }
  })
  const patience = new Promise((resolve) => setTimeout(resolve, 5_000, 'responds no more'))
  return JSON.stringify(await Promise.race([state, patience]).catch(String))
}
