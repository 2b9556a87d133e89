import { resultOf } from '../../lib/indexedDb'
import type { Id } from '../../protocol/resources'
import { change, database, inMemory, storeName } from './fileDatabase'

/** The content of a file that isn't sent yet. */
interface StoredFile {
  userId: Id
  key: string
  blob: Blob
  /** When it was chosen, in milliseconds. */
  since: number
}

/** Resolves once it is stored; if the browser doesn't store it, it lasts as long as the page. */
export async function keepFile(userId: Id, key: string, blob: Blob): Promise<void> {
  inMemory.set(key, blob)
  try {
    await change((store) => {
      store.put({ userId, key, blob, since: Date.now() } satisfies StoredFile)
    })
  } catch {
    // A private window, or a full disk: areKept says so.
  }
}

/** Null if it isn't on this device. */
export async function fileOf(userId: Id, key: string): Promise<Blob | null> {
  const known = inMemory.get(key)
  if (known) return known
  try {
    const store = (await database()).transaction(storeName).objectStore(storeName)
    return (await resultOf<StoredFile | undefined>(store.get([userId, key])))?.blob ?? null
  } catch {
    return null
  }
}

/** Whether all of them would survive the page. */
export async function areKept(userId: Id, files: readonly { key: string }[]): Promise<boolean> {
  try {
    const store = (await database()).transaction(storeName).objectStore(storeName)
    const counts = await Promise.all(files.map(({ key }) => resultOf(store.count([userId, key]))))
    return counts.every((count) => count > 0)
  } catch {
    return false
  }
}

export async function forgetFiles(userId: Id, keys: readonly string[]): Promise<void> {
  for (const key of keys) inMemory.delete(key)
  try {
    await change((store) => {
      for (const key of keys) store.delete([userId, key])
    })
  } catch {
    // forgetOldFiles tries again.
  }
}

const aDay = 24 * 60 * 60_000

/** Removes those that a killed page has left behind: chosen more than a day ago, and no longer used. */
export async function forgetOldFiles(userId: Id, isUsed: (key: string) => boolean): Promise<void> {
  try {
    const store = (await database()).transaction(storeName).objectStore(storeName)
    const all = await resultOf<StoredFile[]>(store.getAll(IDBKeyRange.bound([userId], [userId, []])))
    const old = all.filter(({ key, since }) => since < Date.now() - aDay && !isUsed(key))
    if (old.length > 0) await forgetFiles(userId, old.map(({ key }) => key))
  } catch {
    // Retried by the next page.
  }
}
