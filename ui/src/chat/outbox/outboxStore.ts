import { completionOf, openDatabase, resultOf } from '../../lib/indexedDb'
import { placeNumber, placeOfNumber } from '../../lib/place'
import type { Id, Timestamp } from '../../protocol/resources'
import type { Outgoing } from '../state/chatState'
import { bySequence } from '../state/outbox'

/** What is kept of a message of ours: whether it is on its way is only true on the present link. */
interface StoredOutgoing {
  userId: Id
  clientId: string
  /** Its place, as a number. */
  conversationId: number
  content: string
  replyTo: Id | null
  createdAt: Timestamp
  /** Absent in what was kept before there were any: then the time is the place. */
  sequence?: number
  /** Absent in what was kept before it was noted: then it may have been. */
  wasSent?: boolean
  /** Why the server refused it; null while it is still to be sent. */
  refusal: string | null
}

const storeName = 'outgoing'

let opened: Promise<IDBDatabase | null> | null = null

/**
 * Null where the browser keeps nothing, as in some private windows: then the outbox lives in
 * memory. It may be slow to open; what is to be kept meanwhile is kept once it is there.
 */
function database(): Promise<IDBDatabase | null> {
  opened ??= open().catch(() => null)
  return opened
}

async function open(): Promise<IDBDatabase | null> {
  if (typeof indexedDB === 'undefined') return null
  const db = await openDatabase(indexedDB, 'messagerie', (created) => {
    created.createObjectStore(storeName, { keyPath: ['userId', 'clientId'] })
  })
  // Another tab deletes or upgrades it.
  db.onversionchange = () => {
    db.close()
    opened = null
  }
  db.onclose = () => {
    opened = null
  }
  return db
}

/** Resolves once it is stored: true, or false where there is no database. */
async function change(make: (store: IDBObjectStore) => void): Promise<boolean> {
  const transaction = (await database())?.transaction(storeName, 'readwrite')
  if (!transaction) return false
  make(transaction.objectStore(storeName))
  await completionOf(transaction)
  return true
}

/** What a user wrote and the server hasn't confirmed, oldest first. Another user's is never touched. */
export async function loadOutbox(userId: Id): Promise<Outgoing[]> {
  try {
    const store = (await database())?.transaction(storeName).objectStore(storeName)
    if (!store) return []
    const stored = await resultOf<StoredOutgoing[]>(store.getAll(IDBKeyRange.bound([userId], [userId, []])))
    return stored.map(revive).sort(bySequence)
  } catch {
    return []
  }
}

/** Returns whether it is kept; false where the message lives only as long as the page. */
export async function keepOutgoing(userId: Id, one: Outgoing): Promise<boolean> {
  const { clientId, place, content, replyTo, createdAt, sequence, wasSent = false, delivery } = one
  const conversationId = placeNumber(place)
  const refusal = delivery.status === 'failed' ? delivery.code : null
  try {
    return await change((store) => {
      const stored: StoredOutgoing = { userId, clientId, conversationId, content, replyTo, createdAt, sequence, wasSent, refusal }
      store.put(stored)
    })
  } catch {
    // A full disk, for one.
    return false
  }
}

export async function forgetOutgoing(userId: Id, clientId: string): Promise<void> {
  try {
    await change((store) => {
      store.delete([userId, clientId])
    })
  } catch {
    // It would be sent again, and stored once all the same.
  }
}

/** Removes the messages of everybody but the owner; all of them where there is no owner. */
export async function keepOutboxOf(owner: Id | null): Promise<void> {
  try {
    await change((store) => {
      if (owner === null) {
        store.clear()
        return
      }
      store.delete(IDBKeyRange.upperBound([owner], true))
      store.delete(IDBKeyRange.lowerBound([owner, []]))
    })
  } catch {
    // Tried again at the next log-in and log-out.
  }
}

function revive({ clientId, conversationId, content, replyTo, createdAt, sequence, wasSent = true, refusal }: StoredOutgoing): Outgoing {
  return {
    clientId,
    place: placeOfNumber(conversationId),
    content,
    replyTo,
    createdAt,
    sequence: sequence ?? Date.parse(createdAt),
    wasSent,
    delivery: refusal === null ? { status: 'waiting' } : { status: 'failed', code: refusal },
  }
}
