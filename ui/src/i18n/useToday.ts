import { useSyncExternalStore } from 'react'
import { forgetFormatters } from './time'

/** In milliseconds. A timer is suspended with its machine: then it is this late at most. */
const pause = 60_000

let today = new Date()
let day = dayOf(today)
let timer: number | undefined
const listeners = new Set<() => void>()

/** A time of the current day. Components that use it render when another day begins, or the time zone changes. */
export function useToday(): Date {
  return useSyncExternalStore(subscribe, read, read)
}

function read(): Date {
  return today
}

/** One clock for all subscribers, running while there are any. */
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

/** The calendar day on this device, with its time zone. */
function dayOf(date: Date): string {
  return `${date.toDateString()} ${date.getTimezoneOffset()}`
}
