import { goTo } from '../lib/route'

const lookEvery = 3_600_000

let registration: ServiceWorkerRegistration | null = null
let isReady = false
let hasAsked = false
const listeners = new Set<() => void>()

/** Starts the service worker, and checks for a newer version from time to time. */
export async function startWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const wasControlled = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Another tab has activated the new version: there may be unsaved input here, so this tab asks as well.
    if (hasAsked) window.location.reload()
    else if (wasControlled) offer()
  })
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<{ open?: string }>) => {
    if (event.data.open) goTo(event.data.open)
  })
  const found = await navigator.serviceWorker.register('/worker.js').catch(() => null)
  if (!found) return
  registration = found
  const offerWaiting = () => {
    if (found.waiting && navigator.serviceWorker.controller) offer()
  }
  offerWaiting()
  found.addEventListener('updatefound', () => {
    found.installing?.addEventListener('statechange', offerWaiting)
  })
  window.setInterval(() => {
    found.update().catch(() => undefined)
  }, lookEvery)
}

/** For useSyncExternalStore: whether a new version waits. */
export function subscribeToUpdate(onChange: () => void): () => void {
  listeners.add(onChange)
  return () => listeners.delete(onChange)
}

export function isUpdateReady(): boolean {
  return isReady
}

/** Only at the user's request: nothing reloads by itself. */
export function takeUpdate(): void {
  hasAsked = true
  if (registration?.waiting) registration.waiting.postMessage('takeOver')
  else window.location.reload()
}

function offer(): void {
  isReady = true
  for (const listener of listeners) listener()
}
