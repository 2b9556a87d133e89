import type { DBSchema, IDBPDatabase } from 'idb'
import type { Id, Timestamp } from '../protocol'
import type { Outgoing } from './chatState'
import { bySequence } from './outbox'

/** What is kept of a message of ours: whether it is on its way is only true on the present link. */
interface StoredOutgoing {
  userId: Id
  clientId: string
  conversationId: Id
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

interface OutboxSchema extends DBSchema {
  outgoing: { key: [Id, string]; value: StoredOutgoing }
}

let opened: Promise<IDBPDatabase<OutboxSchema> | null> | null = null

/**
 * Null where the browser keeps nothing, as in some private windows: then the outbox lives in
 * memory. It may be slow to open; what is to be kept meanwhile is kept once it is there.
 */
function database(): Promise<IDBPDatabase<OutboxSchema> | null> {
  opened ??= open().catch(() => null)
  return opened
}

async function open(): Promise<IDBPDatabase<OutboxSchema> | null> {
  if (typeof indexedDB === 'undefined') return null
  // Not needed for the first sight of a conversation.
  const { openDB } = await import('idb')
  return openDB<OutboxSchema>('messagerie', 1, {
    upgrade: (db) => {
      db.createObjectStore('outgoing', { keyPath: ['userId', 'clientId'] })
    },
    blocking: (_old, _new, event) => {
      ;(event.target as IDBDatabase).close()
      opened = null
    },
    terminated: () => {
      opened = null
    },
  })
}

/** What a user wrote and the server hasn't confirmed, oldest first. Another user's is never touched. */
export async function loadOutbox(userId: Id): Promise<Outgoing[]> {
  try {
    const db = await database()
    const stored = (await db?.getAll('outgoing', IDBKeyRange.bound([userId], [userId, []]))) ?? []
    return stored.map(revive).sort(bySequence)
  } catch {
    return []
  }
}

/** Answers whether it is kept; false where the message lives only as long as the page. */
export async function keepOutgoing(userId: Id, one: Outgoing): Promise<boolean> {
  const { clientId, conversationId, content, replyTo, createdAt, sequence, wasSent = false, delivery } = one
  const refusal = delivery.status === 'failed' ? delivery.code : null
  try {
    const db = await database()
    await db?.put('outgoing', { userId, clientId, conversationId, content, replyTo, createdAt, sequence, wasSent, refusal })
    return db !== null
  } catch {
    // A full disk, for one.
    return false
  }
}

export async function forgetOutgoing(userId: Id, clientId: string): Promise<void> {
  try {
    const db = await database()
    await db?.delete('outgoing', [userId, clientId])
  } catch {
    // It would be sent again, and stored once all the same.
  }
}

function revive({ clientId, conversationId, content, replyTo, createdAt, sequence, wasSent = true, refusal }: StoredOutgoing): Outgoing {
  return {
    clientId,
    conversationId,
    content,
    replyTo,
    createdAt,
    sequence: sequence ?? Date.parse(createdAt),
    wasSent,
    delivery: refusal === null ? { status: 'waiting' } : { status: 'failed', code: refusal },
  }
}
