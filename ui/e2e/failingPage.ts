import type { Page } from '@playwright/test'

/** What a screenshot doesn't show of a page in which a test has failed: whether it still draws, and where its list stands. */
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
      visibility: document.visibilityState,
      hasFocus: document.hasFocus(),
      framesInHalfASecond: frames,
      list: list && { top: list.scrollTop, height: list.clientHeight, content: list.scrollHeight },
      connection: document.querySelector('[role=status]')?.textContent,
    }
  })
  const patience = new Promise((resolve) => setTimeout(resolve, 5_000, 'responds no more'))
  return JSON.stringify(await Promise.race([state, patience]).catch(String))
}
