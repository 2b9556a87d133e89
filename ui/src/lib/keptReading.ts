/** The caches of recent responses, one per person, for reading offline. */
const keptCachePrefix = 'messagerie-read-'

/** Marks a response from this device's cache. */
export const keptHeader = 'Messagerie-Kept'

/** Per kind of response: many conversations evict the oldest ones, never the person or the list. */
const mostKept = 40

const keptPaths = [
  /^\/api\/messagerie\/me\/?$/,
  /^\/api\/messagerie\/conversations\/\d+\/$/,
  /^\/api\/messagerie\/conversations\/\d+\/\d+\/$/,
  /^\/api\/messagerie\/messages\/\d+\/?$/,
  /^\/api\/messagerie\/conversations\/\d+\/events\/$/,
]

/** Only the newest page: a page before or after a message fits no other request. */
export function mayKeep({ pathname, searchParams }: URL): boolean {
  return keptPaths.some((path) => path.test(pathname)) && [...searchParams.keys()].every((name) => name === 'limit')
}

export async function keep(cache: Cache, url: string, response: Response): Promise<void> {
  await cache.delete(url, { ignoreVary: true })
  await cache.put(url, response)
  const kind = kindOf(url)
  const alike = (await cache.keys()).filter((key) => kindOf(key.url) === kind)
  await Promise.all(alike.slice(0, -mostKept).map((oldest) => cache.delete(oldest, { ignoreVary: true })))
}

/** A cached response, with the mark. */
export function asKept(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.set(keptHeader, '1')
  return new Response(response.body, { status: response.status, headers })
}

function kindOf(url: string): RegExp | undefined {
  const { pathname } = new URL(url)
  return keptPaths.find((path) => path.test(pathname))
}

/** The name of a person's cache. */
export function keptCacheOf(userId: number): string {
  return keptCachePrefix + String(userId)
}

/** Deletes the caches of everybody but the owner; all of them if there is no owner. */
export async function deleteKeptReading(owner: number | null): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(keptCachePrefix))
  await Promise.all(names.filter((name) => owner === null || name !== keptCacheOf(owner)).map((name) => caches.delete(name)))
}

/** Sent by a page to its service worker: whose responses it may cache from now on, including those in progress. */
export interface ReadingOwner {
  readingOf: number | null
}

/**
 * Only the owner's responses are cached for reading offline. The caches are deleted here, because the worker may be
 * asleep, and in the worker, because it may be about to cache a response.
 */
export async function keepReadingOf(owner: number | null): Promise<void> {
  if (!('caches' in globalThis)) return
  navigator.serviceWorker.controller?.postMessage({ readingOf: owner } satisfies ReadingOwner)
  await deleteKeptReading(owner)
}
