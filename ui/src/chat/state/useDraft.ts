import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { type Place, placeKey, placeOfNumber } from '../../lib/place'
import { onStoredElsewhere, personalKey, readStored, storedKeys, writeStored } from '../../lib/storage'
import type { Id } from '../../protocol/resources'

/** Whose a text is, where it belongs, and of which message it is a correction, if it is one. */
export interface DraftPlace {
  userId: Id
  place: Place
  /** Of a message, its id; of one that isn't stored, its client_id. */
  of?: Id | string
}

function draftKey({ userId, place, of }: DraftPlace): string {
  return personalKey('draft', userId, placeKey(place), ...(of === undefined ? [] : [of]))
}

/**
 * What was begun in a conversation, kept on this device while it is typed; `original` where
 * nothing was. The place is fixed: the caller gives the component a key of it.
 */
export function useDraft(place: DraftPlace, original = ''): [string, (text: string) => void] {
  const key = draftKey(place)
  const [text, setText] = useState(() => readStored(key) ?? original)
  const change = useCallback(
    (next: string) => {
      setText(next)
      writeStored(key, next)
    },
    [key],
  )
  // What is typed in another tab shows here.
  useEffect(
    () =>
      onStoredElsewhere((changed, value) => {
        if (changed === key) setText(value ?? '')
      }),
    [key],
  )
  return [text, change]
}

/**
 * What waits in a conversation that isn't open, else ''. In this tab it changes only while it is
 * open: so the storage, which tells of the other tabs, tells enough, and typing renders no line.
 */
export function useWaitingDraft(place: DraftPlace, isOpen: boolean): string {
  return useSyncExternalStore(onStoredElsewhere, () => (isOpen ? '' : readDraft(place).trim()), noDraft)
}

/** Those of these places in which one has begun to write, by their keys. */
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

/** Behind what stands there already. */
export function moveDraft(from: DraftPlace, to: DraftPlace): void {
  const moved = readDraft(from)
  if (!moved) return
  storeDraft(to, [readDraft(to), moved].filter(Boolean).join('\n'))
  storeDraft(from, '')
}
