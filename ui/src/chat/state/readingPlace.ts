import { personalKey, readInTab, writeInTab } from '../../lib/storage'
import type { Id } from '../../protocol/resources'

/** Where one reads in a conversation: the message at the top of the window, and how much of it lies above. */
export interface ReadingPlace {
  messageId: Id
  offset: number
}

const placeKey = (userId: Id, conversationId: Id) => personalKey('place', userId, conversationId)

/** Kept for this tab, over a reload too; null for the end. */
export function readPlace(userId: Id, conversationId: Id): ReadingPlace | null {
  try {
    const value: unknown = JSON.parse(readInTab(placeKey(userId, conversationId)) ?? 'null')
    return isPlace(value) ? value : null
  } catch {
    // Written by hand.
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
