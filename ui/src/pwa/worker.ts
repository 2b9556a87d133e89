/// <reference lib="webworker" />
import { cleanupOutdatedCaches, matchPrecache, precache, type PrecacheEntry } from 'workbox-precaching'
import { keep, keptCachePrefix, mayKeep } from '../lib/keptReading'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] }

// The client itself: there without a network, and of one version until someone asks for the next.
precache(self.__WB_MANIFEST)
cleanupOutdatedCaches()

// What the first visit shows is kept, too.
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (isServers(url.pathname)) {
    if (mayKeep(url)) event.respondWith(freshOrKept(request))
    return
  }
  const page = request.mode === 'navigate' ? '/index.html' : url.pathname
  event.respondWith(matchPrecache(page).then((kept) => kept ?? fetch(request)))
})

// Said by the one tab in which someone pressed "reload".
self.addEventListener('message', (event) => {
  if (event.data === 'takeOver') void self.skipWaiting()
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = event.notification.data as { path: string }
  event.waitUntil(openAt(path))
})

function isServers(path: string): boolean {
  return path.startsWith('/api/') || path.startsWith('/ws/') || path.startsWith('/_/')
}

/** The server's answer, else what this person read last on this device. */
async function freshOrKept(request: Request): Promise<Response> {
  const name = keptCacheOf(request.headers.get('Authorization'))
  try {
    const response = await fetch(request)
    if (name && response.ok) await keep(await caches.open(name), keyOf(request), response.clone())
    return response
  } catch (error) {
    const kept = name && (await caches.match(keyOf(request), { cacheName: name, ignoreVary: true }))
    if (kept) return kept
    throw error
  }
}

/** However long a page was asked for, it is the newest. */
function keyOf(request: Request): string {
  const { origin, pathname } = new URL(request.url)
  return origin + pathname
}

/** Each person's own: the token says whose. */
function keptCacheOf(authorization: string | null): string | null {
  const payload = /^Bearer [^.]+\.([^.]+)\./.exec(authorization ?? '')?.[1]
  if (!payload) return null
  const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { id?: string }
  return claims.id ? keptCachePrefix + claims.id : null
}

async function openAt(path: string): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window' })
  if (!page) {
    await self.clients.openWindow(path)
    return
  }
  page.postMessage({ open: path })
  await page.focus()
}
