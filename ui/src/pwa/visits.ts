import { readStored, writeStored } from '../lib/storage'

const firstDayKey = 'messagerie.firstDay'
const dismissedKey = 'messagerie.install'

/** Notes that the page was opened today, and returns whether it was on an earlier day as well. */
export function comesAgain(now = new Date()): boolean {
  const today = now.toDateString()
  const first = readStored(firstDayKey)
  if (first === null) writeStored(firstDayKey, today)
  return first !== null && first !== today
}

export function isInstallDismissed(): boolean {
  return readStored(dismissedKey) !== null
}

/** For good, on this device. */
export function dismissInstall(): void {
  writeStored(dismissedKey, 'dismissed')
}
