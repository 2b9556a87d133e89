import { keepFilesOf } from '../chat/files/parts'
import { loadNotices } from '../chat/notify/useNotifications'
import { keepOutboxOf, loadOutbox } from '../chat/outbox/outboxStore'
import { placesOfDrafts } from '../chat/state/useDraft'
import { keepReadingOf as keepCachesOf } from '../lib/keptReading'
import { applyDisplay } from '../lib/display'
import { keepStoredOf } from '../lib/storage'
import type { Id } from '../protocol/resources'
import type { Device } from '../session/useTidyDevice'

/*
 * Everything that the client stores on a device, and removes again: localStorage, sessionStorage, IndexedDB, the
 * service worker's caches and the notifications shown. Add any new kind of storage here (see e2e/leaving.spec.ts).
 */

/** Removes everything that doesn't belong to the owner; everything if there is no owner. */
async function keepOnly(owner: () => Id | null): Promise<void> {
  await Promise.allSettled([keepOutboxOf(owner()), keepFilesOf(owner()), keepReadingOf(owner())])
  // Last, because it includes the mark that this is in progress.
  keepStoredOf(owner())
  applyDisplay()
}

async function keepReadingOf(reader: Id | null): Promise<void> {
  await Promise.allSettled([keepCachesOf(reader), ...(reader === null ? [loadNotices().then(({ closeNotices }) => closeNotices(() => true))] : [])])
}

/** How many drafts and messages of a person on this device never reached the server. */
async function countUnsent(userId: Id): Promise<number> {
  return (await loadOutbox(userId)).length + placesOfDrafts(userId).length
}

export const device: Device = { keepOnly, keepReadingOf, countUnsent }

/** For a host page: removes everything that the chat has stored in this browser. Call it after a log-out. */
export function forgetDevice(): Promise<void> {
  return keepOnly(() => null)
}
