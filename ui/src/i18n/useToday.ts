import { useSyncExternalStore } from 'react'
import { forgetFormatters } from './time'

/** In milliseconds. A timer sleeps with its machine: then it is this late at most. */
const pause = 60_000

let today = new Date()
let day = dayOf(today)
let timer: number | undefined
const listeners = new Set<() => void>()

/** A moment of the present day. Who uses it renders anew when another day begins, or the time zone changes. */
export function useToday(): Date {
  return useSyncExternalStore(subscribe, read, read)
}

function read(): Date {
  return today
}

/** One clock for all, as long as anybody looks at it. */
function subscribe(onChange: () => void): () => void {
  if (listeners.size === 0) start()
  listeners.add(onChange)
  return () => {
    listeners.delete(onChange)
    if (listeners.size === 0) stop()
  }
}

function start(): void {
  look()
  timer = window.setInterval(look, pause)
  document.addEventListener('visibilitychange', look)
  window.addEventListener('pageshow', look)
}

function stop(): void {
  window.clearInterval(timer)
  document.removeEventListener('visibilitychange', look)
  window.removeEventListener('pageshow', look)
}

function look(): void {
  const now = new Date()
  if (dayOf(now) === day) return
  today = now
  day = dayOf(now)
  forgetFormatters()
  for (const listener of listeners) listener()
}

/** By the calendar of this device, and in which zone that is. */
function dayOf(date: Date): string {
  return `${date.toDateString()} ${date.getTimezoneOffset()}`
}
