import { personalKey, readInTab, writeInTab } from '../../lib/storage'
import type { Id } from '../../protocol/resources'

/** A reading position in a conversation: the message at the top of the viewport, and how much of it is above. */
export interface ReadingPlace {
  messageId: Id
  offset: number
}

const placeKey = (userId: Id, conversationId: Id) => personalKey('place', userId, conversationId)

/** Stored for this tab, also over a reload; null for the end. */
export function readPlace(userId: Id, conversationId: Id): ReadingPlace | null {
  try {
    const value: unknown = JSON.parse(readInTab(placeKey(userId, conversationId)) ?? 'null')
    return isPlace(value) ? value : null
  } catch {
    // Edited by hand.
    return null
  }
}

export function storePlace(userId: Id, conversationId: Id, place: ReadingPlace | null): void {
  writeInTab(placeKey(userId, conversationId), place && JSON.stringify(place))
}

function isPlace(value: unknown): value is ReadingPlace {
  const { messageId, offset } = (value ?? {}) as Record<string, unknown>
  return typeof messageId === 'number' && typeof offset === 'number'
}
