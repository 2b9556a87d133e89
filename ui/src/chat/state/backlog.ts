import type { Conversation, Id } from '../../protocol/resources'

/**
 * The messages behind an unread count. A list has counted those after `readTo` up to `upTo`. Later ones are kept by
 * id: a repeated frame doesn't count twice, and a deleted message no longer counts.
 */
export interface Backlog {
  counted: number
  readTo: Id
  upTo: Id
  since: readonly Id[]
  /** Some of the counted ones were read or deleted: only the server knows how many are left. */
  isDoubtful: boolean
}

export const emptyBacklog: Backlog = { counted: 0, readTo: 0, upTo: 0, since: [], isDoubtful: false }

export function backlogOf({ unread_count, last_message, receipts }: Conversation, userId: Id): Backlog {
  const readTo = receipts.find((one) => one.user_id === userId)?.last_read ?? 0
  return { ...emptyBacklog, counted: unread_count, readTo, upTo: last_message?.id ?? 0 }
}

export function unreadIn({ counted, since }: Backlog): number {
  return counted + since.length
}

/** Somebody else's message. */
export function withArrival(backlog: Backlog, id: Id): Backlog {
  const { readTo, upTo, since } = backlog
  if (id <= readTo || id <= upTo || since.includes(id)) return backlog
  return { ...backlog, since: [...since, id] }
}

export function withReading(backlog: Backlog, readTo: Id): Backlog {
  if (readTo <= backlog.readTo) return backlog
  const since = backlog.since.filter((id) => id > readTo)
  if (readTo >= backlog.upTo || backlog.counted === 0) return { ...backlog, counted: 0, readTo, since, isDoubtful: false }
  return { ...backlog, readTo, since, isDoubtful: true }
}

export function withDeletion(backlog: Backlog, id: Id): Backlog {
  const { counted, readTo, upTo, since } = backlog
  if (since.includes(id)) return { ...backlog, since: since.filter((one) => one !== id) }
  return counted > 0 && id > readTo && id <= upTo ? inDoubt(backlog) : backlog
}

export function inDoubt(backlog: Backlog): Backlog {
  return backlog.isDoubtful ? backlog : { ...backlog, isDoubtful: true }
}
