/** The target of a message: a conversation, or a person without one yet. `message`: the one to show in it. */
export type Place = { conversation: number; message?: number } | { person: number }

/** Null for a person, and for no place. */
export function conversationIn(place: Place | null): number | null {
  return place && 'conversation' in place ? place.conversation : null
}

export function personIn(place: Place | null): number | null {
  return place && 'person' in place ? place.person : null
}

/** The message to show in a conversation. */
export function messageIn(place: Place | null): number | null {
  return (place && 'conversation' in place && place.message) || null
}

/**
 * A place as one number: a conversation's id, or a person's with a minus sign. This is how it is stored on devices,
 * and the form of InstantChat's `selectedId`; everything else uses the place itself.
 */
export function placeNumber(place: Place): number {
  return 'person' in place ? -place.person : place.conversation
}

export function placeOfNumber(value: number): Place {
  return value < 0 ? { person: -value } : { conversation: value }
}

/** A unique key, without the message: for sets, for React, for stored values. */
export function placeKey(place: Place): string {
  return String(placeNumber(place))
}

/** Whatever the message to show. */
export function isSamePlace(one: Place | null, other: Place | null): boolean {
  return one === other || (one !== null && other !== null && placeNumber(one) === placeNumber(other))
}
