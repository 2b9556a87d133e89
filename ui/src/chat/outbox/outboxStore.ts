import { completionOf, keepRowsOf, openDatabase, reopening, resultOf } from '../../lib/indexedDb'
import { placeNumber, placeOfNumber } from '../../lib/place'
import type { Id, Timestamp } from '../../protocol/resources'
import type { Outgoing, OutgoingFile } from '../state/chatState'
import { loadFileStore } from '../files/parts'
import { bySequence } from '../state/outbox'

/** The stored form of an unconfirmed message, without whether it is being sent, which depends on the link. */
interface StoredOutgoing {
  userId: Id
  clientId: string
  /** Its place as a number. */
  conversationId: number
  content: string
  replyTo: Id | null
  createdAt: Timestamp
  /** Absent in messages of an earlier version, which are ordered by time. */
  sequence?: number
  /** Absent in messages of an earlier version, which may have been sent. */
  wasSent?: boolean
  deliverAt?: Timestamp
  urgent?: boolean
  files?: readonly OutgoingFile[]
  mentions?: readonly Id[]
  /** The code with which the server refused it; null if it is still to be sent. */
  refusal: string | null
}

const storeName = 'outgoing'

const opened = reopening(async () =>
  openDatabase(indexedDB, 'messagerie', (created) => {
    created.createObjectStore(storeName, { keyPath: ['userId', 'clientId'] })
  }),
)

/**
 * Null if the browser stores nothing, as in some private windows: then the outbox is only in
 * memory. It may be slow to open; messages written until then are stored once it is open.
 */
const database = () => opened().catch(() => null)

/** Resolves once it is stored: true, or false if there is no database. */
async function change(make: (store: IDBObjectStore) => void): Promise<boolean> {
  const transaction = (await database())?.transaction(storeName, 'readwrite')
  if (!transaction) return false
  make(transaction.objectStore(storeName))
  await completionOf(transaction)
  return true
}

/** A user's unconfirmed messages, oldest first. Those of other users aren't touched. */
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

/** Returns whether it is stored; if not, the message only lasts as long as the page. */
export async function keepOutgoing(userId: Id, one: Outgoing): Promise<boolean> {
  const { place, wasSent = false, delivery, ...rest } = one
  const conversationId = placeNumber(place)
  const refusal = delivery.status === 'failed' ? delivery.code : null
  try {
    const isKept = await change((store) => {
      const stored: StoredOutgoing = { ...rest, userId, conversationId, wasSent, refusal }
      store.put(stored)
    })
    return isKept && (!one.files || (await (await loadFileStore()).areKept(userId, one.files)))
  } catch {
    // For example a full disk.
    return false
  }
}

export async function forgetOutgoing(userId: Id, clientId: string): Promise<void> {
  try {
    await change((store) => {
      store.delete([userId, clientId])
    })
  } catch {
    // It would be sent again, and still be stored only once.
  }
}

/** Removes the messages of everybody but the owner; all of them if there is no owner. */
export async function keepOutboxOf(owner: Id | null): Promise<void> {
  try {
    await change((store) => {
      keepRowsOf(store, owner)
    })
  } catch {
    // Retried at the next log-in and log-out.
  }
}

function revive({ clientId, conversationId, content, replyTo, createdAt, sequence, wasSent = true, deliverAt, urgent, files, mentions, refusal }: StoredOutgoing): Outgoing {
  return {
    clientId,
    place: placeOfNumber(conversationId),
    content,
    replyTo,
    createdAt,
    sequence: sequence ?? Date.parse(createdAt),
    wasSent,
    ...(deliverAt ? { deliverAt } : {}),
    ...(urgent ? { urgent } : {}),
    ...(files ? { files } : {}),
    ...(mentions ? { mentions } : {}),
    delivery: refusal === null ? { status: 'waiting' } : { status: 'failed', code: refusal },
  }
}
