/** What was read last, per person, to be read again without a network. */
export const keptCachePrefix = 'messagerie-read-'

const mostKept = 40

const keptPaths = [
  /^\/api\/messagerie\/me\/?$/,
  /^\/api\/messagerie\/conversations\/\d+\/(\d+\/)?$/,
  /^\/api\/messagerie\/messages\/\d+\/?$/,
]

/** The newest page only: what comes before or after a message is no answer to anything else. */
export function mayKeep({ pathname, searchParams }: URL): boolean {
  return keptPaths.some((path) => path.test(pathname)) && [...searchParams.keys()].every((name) => name === 'limit')
}

export async function keep(cache: Cache, url: string, response: Response): Promise<void> {
  await cache.delete(url, { ignoreVary: true })
  await cache.put(url, response)
  const keys = await cache.keys()
  await Promise.all(keys.slice(0, Math.max(0, keys.length - mostKept)).map((oldest) => cache.delete(oldest)))
}

/** Whoever comes next finds nothing. */
export async function forgetReading(): Promise<void> {
  if (!('caches' in globalThis)) return
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(keptCachePrefix)).map((name) => caches.delete(name)))
}
