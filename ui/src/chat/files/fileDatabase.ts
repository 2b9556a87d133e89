import { completionOf, keepRowsOf, openDatabase, reopening } from '../../lib/indexedDb'
import type { Id } from '../../protocol/resources'

/*
 * Where fileStore keeps files, and how they are removed: loaded with the page, because at a log-out there may be no
 * network to fetch the rest.
 */

export const storeName = 'files'

/** Files chosen in this page, also for a browser that stores nothing. */
export const inMemory = new Map<string, Blob>()

/** A database of its own: a tab of an earlier version couldn't open the outbox's with another store in it. */
export const database = reopening(async () =>
  openDatabase(indexedDB, 'messagerie.files', (created) => {
    created.createObjectStore(storeName, { keyPath: ['userId', 'key'] })
  }),
)

export async function change(make: (store: IDBObjectStore) => void): Promise<void> {
  const transaction = (await database()).transaction(storeName, 'readwrite')
  make(transaction.objectStore(storeName))
  await completionOf(transaction)
}

/** Removes the files of everybody but the owner; all of them if there is no owner. */
export async function keepFilesOf(owner: Id | null): Promise<void> {
  try {
    await change((store) => {
      keepRowsOf(store, owner)
    })
  } catch {
    // Retried at the next log-in and log-out.
  }
  if (owner === null) inMemory.clear()
}
