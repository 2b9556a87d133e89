/** Calls a function when the browser has nothing else to do (in Safari, which can't say so: soon). Returns a function that cancels that. */
export function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work)
    return () => {
      clearTimeout(timer)
    }
  }
  const request = window.requestIdleCallback(work)
  return () => {
    window.cancelIdleCallback(request)
  }
}

/**
 * Starts one piece of work after the other, the first after some milliseconds, and each when the browser has nothing
 * else to do. Returns a function that drops the rest.
 */
export function inTurn(works: readonly (() => Promise<unknown>)[], after: number): () => void {
  let isDropped = false
  const start = ([work, ...rest]: typeof works) => {
    if (!work || isDropped) return
    const goOn = () => {
      cancel = whenIdle(() => { start(rest) })
    }
    work().then(goOn, goOn)
  }
  const timer = setTimeout(() => { start(works) }, after)
  let cancel = () => { clearTimeout(timer) }
  return () => {
    isDropped = true
    cancel()
  }
}
