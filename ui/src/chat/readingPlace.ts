import type { Id } from '../protocol'

/** Where one reads in a conversation: the message at the top of the window, and how much of it lies above. */
export interface ReadingPlace {
  messageId: Id
  offset: number
}

const placeKey = (userId: Id, conversationId: Id) => `messagerie.place.${userId}.${conversationId}`

/** Kept for this tab, over a reload too; null for the end. */
export function readPlace(userId: Id, conversationId: Id): ReadingPlace | null {
  try {
    const value: unknown = JSON.parse(window.sessionStorage.getItem(placeKey(userId, conversationId)) ?? 'null')
    return isPlace(value) ? value : null
  } catch {
    // Written by hand, or there is no storage.
    return null
  }
}

export function storePlace(userId: Id, conversationId: Id, place: ReadingPlace | null): void {
  try {
    if (place) window.sessionStorage.setItem(placeKey(userId, conversationId), JSON.stringify(place))
    else window.sessionStorage.removeItem(placeKey(userId, conversationId))
  } catch {
    // It opens at its end then.
  }
}

function isPlace(value: unknown): value is ReadingPlace {
  const { messageId, offset } = (value ?? {}) as Record<string, unknown>
  return typeof messageId === 'number' && typeof offset === 'number'
}
