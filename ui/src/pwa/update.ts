import { goTo } from '../lib/route'

const lookEvery = 3_600_000
/** How long the new version may take to replace the running one, in milliseconds: usually some hundredths of a second. */
const takeOverWithin = 4_000

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
  if (!registration?.waiting) {
    window.location.reload()
    return
  }
  registration.waiting.postMessage('takeOver')
  // Chromium sometimes doesn't notice that the running version has nothing left to do, and waits for five minutes.
  window.setTimeout(() => void startAfresh(registration), takeOverWithin)
}

/** Without a worker the page comes from the server, and registers the new one. */
async function startAfresh(stuck: ServiceWorkerRegistration | null): Promise<void> {
  await stuck?.unregister()
  window.location.reload()
}

function offer(): void {
  isReady = true
  for (const listener of listeners) listener()
}
