/** What was read last, per person, to be read again without a network. */
export const keptCachePrefix = 'messagerie-read-'

/** Of each kind: many conversations read push out the oldest of them, never the person or the list. */
const mostKept = 40

const keptPaths = [
  /^\/api\/messagerie\/me\/?$/,
  /^\/api\/messagerie\/conversations\/\d+\/$/,
  /^\/api\/messagerie\/conversations\/\d+\/\d+\/$/,
  /^\/api\/messagerie\/messages\/\d+\/?$/,
]

/** The newest page only: what comes before or after a message is no answer to anything else. */
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

function kindOf(url: string): RegExp | undefined {
  const { pathname } = new URL(url)
  return keptPaths.find((path) => path.test(pathname))
}

/** Whoever comes next finds nothing. */
export async function forgetReading(): Promise<void> {
  if (!('caches' in globalThis)) return
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(keptCachePrefix)).map((name) => caches.delete(name)))
}
