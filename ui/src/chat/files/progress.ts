import { useSyncExternalStore } from 'react'

/* Not in the state of the chat: it changes many times a second, and only one mark shows it. */

const parts = new Map<string, number>()
const listeners = new Set<() => void>()

/** How much of a file has been sent, from 0 to 1; null while it isn't being uploaded. */
export function setProgress(key: string, part: number | null): void {
  if (part === null) parts.delete(key)
  else parts.set(key, part)
  for (const listener of listeners) listener()
}

export function useProgress(key: string): number | null {
  return useSyncExternalStore(subscribe, () => parts.get(key) ?? null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
