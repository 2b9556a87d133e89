/// <reference lib="webworker" />
import { cleanupOutdatedCaches, matchPrecache, precache, type PrecacheEntry } from 'workbox-precaching'
import { personOf } from '../lib/claims'
import { asKept, deleteKeptReading, keep, keptCacheOf, mayKeep, type ReadingOwner } from '../lib/keptReading'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] }

// The client itself: available offline, and in one version until the user asks for the next.
precache(self.__WB_MANIFEST)
cleanupOutdatedCaches()

// So that the responses of the first visit are cached as well.
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

self.addEventListener('message', (event) => {
  const said = event.data as 'takeOver' | ReadingOwner
  // Sent by the tab in which the user clicked "reload".
  if (said === 'takeOver') void self.skipWaiting()
  else event.waitUntil(setOwner(said.readingOf))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = event.notification.data as { path: string }
  event.waitUntil(openAt(path))
})

function isServers(path: string): boolean {
  return path.startsWith('/api/') || path.startsWith('/ws/') || path.startsWith('/_/') || /^\/aide(\/|$)/.test(path)
}

/** Whether a tab shows the list or a conversation. Others of this origin show the dashboard, a download or a password form. */
function isChat(path: string): boolean {
  return /^\/((c|to)\/\d+\/?)?$/.test(path)
}

/** The server's response, else the cached one of this person. */
async function freshOrKept(request: Request): Promise<Response> {
  const reader = personOf(/^Bearer (.+)/.exec(request.headers.get('Authorization') ?? '')?.[1] ?? '')
  try {
    const response = await fetch(request)
    // A full disk must not fail the request.
    if (reader !== null && response.ok) await keepFor(reader, keyOf(request), response.clone()).catch(() => undefined)
    return response
  } catch (error) {
    const kept = reader !== null && (await caches.match(keyOf(request), { cacheName: keptCacheOf(reader), ignoreVary: true }))
    if (kept) return asKept(kept)
    throw error
  }
}

/** Without the length of the page: it is the newest one in any case. */
function keyOf(request: Request): string {
  const { origin, pathname } = new URL(request.url)
  return origin + pathname
}

/** Until a page has set it, undefined: then everybody's responses are cached. A pending request keeps the worker, and this, alive. */
let owner: number | null | undefined

async function setOwner(next: number | null): Promise<void> {
  owner = next
  await deleteKeptReading(next)
}

/** Unless the reader logs out before the response arrives or while it is being cached. */
async function keepFor(reader: number, url: string, response: Response): Promise<void> {
  const isHere = () => owner === undefined || owner === reader
  if (!isHere()) return
  await keep(await caches.open(keptCacheOf(reader)), url, response)
  if (!isHere()) await caches.delete(keptCacheOf(reader))
}

/** In the tab that shows it, else in the most recently used tab of the chat, else in a new window. */
async function openAt(path: string): Promise<void> {
  const chats = (await self.clients.matchAll({ type: 'window' })).filter(({ url }) => isChat(new URL(url).pathname))
  const page = chats.find(({ url }) => new URL(url).pathname === path) ?? chats[0]
  if (!page) {
    await self.clients.openWindow(path)
    return
  }
  page.postMessage({ open: path })
  await page.focus()
}
