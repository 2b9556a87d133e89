import type { Page } from '@playwright/test'

/** A computer of today made as slow as an old phone. */
const slowdown = 4

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** When, and for how long, in microseconds. */
  ts: number
  dur?: number
  args?: { name?: string }
}

/** What the main thread did while something went on. */
export interface Busyness {
  /** Of its longest task, in milliseconds. */
  longest: number
  /** How many lasted longer than 50 ms. */
  long: number
}

/** Slows the page's processor down and follows the tasks of its main thread until the work is done; a change of page isn't counted. */
export async function busyness(page: Page, work: () => Promise<void>): Promise<Busyness> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  // Of a Chromium trace the tasks, and when one page took the place of another: more would be slower.
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'blink.user_timing'] })
  await work()
  const trace = await browser.stopTracing()
  await devtools.detach() // with it goes the slowness
  return inTrace(trace)
}

function inTrace(trace: Buffer): Busyness {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const pages = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(threadOf),
  )
  const tasks = traceEvents.filter((event) => event.name === 'ThreadControllerImpl::RunTask' && pages.has(threadOf(event)))
  if (tasks.length === 0) throw new Error('the trace holds no task')
  // The task in which one page takes the place of another is the browser's own.
  const changes = traceEvents.filter(({ name }) => name === 'commitNavigationEnd')
  const isChange = (task: TraceEvent) =>
    changes.some((change) => threadOf(change) === threadOf(task) && change.ts >= task.ts && change.ts <= task.ts + (task.dur ?? 0))
  const durations = tasks.filter((task) => !isChange(task)).map(({ dur = 0 }) => dur / 1000)
  return { longest: Math.max(...durations), long: durations.filter((duration) => duration > 50).length }
}
