import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { type Place, placeKey, placeOfNumber } from '../../lib/place'
import { onStoredElsewhere, personalKey, readStored, storedKeys, writeStored } from '../../lib/storage'
import type { Id } from '../../protocol/resources'

/** The author of a draft, its conversation or person, and the message that it edits, if any. */
export interface DraftPlace {
  userId: Id
  place: Place
  /** The id of a stored message, the client_id of an unconfirmed one. */
  of?: Id | string
}

/** Beside the draft of a text: the files that are to be sent with it, a line of JSON each. */
export const draftOfFiles = 'files'

function draftKey({ userId, place, of }: DraftPlace): string {
  return personalKey('draft', userId, placeKey(place), ...(of === undefined ? [] : [of]))
}

/** The draft in a conversation, stored on this device while it is typed; `original` if there is none. */
export function useDraft(place: DraftPlace, original = ''): [string, (text: string) => void] {
  const key = draftKey(place)
  const [held, setHeld] = useState(() => ({ key, text: readStored(key) ?? original }))
  // Somebody who was written to for the first time has a conversation by now, into which the draft was moved.
  if (held.key !== key) setHeld({ key, text: readStored(key) ?? original })
  const change = useCallback(
    (text: string) => {
      setHeld({ key, text })
      writeStored(key, text)
    },
    [key],
  )
  // Shows what is typed in another tab.
  useEffect(
    () =>
      onStoredElsewhere((changed, value) => {
        if (changed === key) setHeld({ key, text: value ?? '' })
      }),
    [key],
  )
  return [held.text, change]
}

/**
 * The draft in a conversation that isn't open, else ''. In this tab a draft changes only while its conversation
 * is open, so the storage events of other tabs are enough, and typing renders no line.
 */
export function useWaitingDraft(place: DraftPlace, isOpen: boolean): string {
  return useSyncExternalStore(onStoredElsewhere, () => (isOpen ? '' : readDraft(place).trim()), noDraft)
}

/** The keys of those of these places that have a draft. */
export function usePlacesWithDraft(userId: Id, places: Place[]): Set<string> {
  const begun = useSyncExternalStore(
    onStoredElsewhere,
    () => places.filter((place) => readDraft({ userId, place }).trim() !== '').map(placeKey).join(),
    noDraft,
  )
  return new Set(begun.split(','))
}

const noDraft = () => ''

/** The place of every draft of a person on this device, edits included; kept up to date like the one above. */
export function usePlacesOfDrafts(userId: Id): Place[] {
  const keys = useSyncExternalStore(onStoredElsewhere, () => placesOfDrafts(userId).map(placeKey).join(), noDraft)
  return keys.split(',').filter(Boolean).map((key) => placeOfNumber(Number(key)))
}

export function placesOfDrafts(userId: Id): Place[] {
  const beginning = personalKey('draft', userId, '')
  return storedKeys(beginning)
    .filter((key) => readStored(key)?.trim())
    .map((key) => placeOfNumber(Number.parseInt(key.slice(beginning.length), 10)))
}

export function readDraft(place: DraftPlace): string {
  return readStored(draftKey(place)) ?? ''
}

export function storeDraft(place: DraftPlace, text: string): void {
  writeStored(draftKey(place), text)
}

/** Appends it to an existing draft. */
export function moveDraft(from: DraftPlace, to: DraftPlace): void {
  const moved = readDraft(from)
  if (!moved) return
  storeDraft(to, [readDraft(to), moved].filter(Boolean).join('\n'))
  storeDraft(from, '')
}
