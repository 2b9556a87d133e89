import { readStored, writeStored } from '../../lib/storage'

const key = 'messagerie.tips'

/** Whether the tips weren't closed on this device yet. */
export function areTipsDue(): boolean {
  return readStored(key) === null
}

export function closeTips(): void {
  writeStored(key, 'seen')
}
