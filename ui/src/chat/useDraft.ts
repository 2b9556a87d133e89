import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { onStoredElsewhere, readStored, writeStored } from '../lib/storage'
import type { Id } from '../protocol'

/** Whose a text is, where it belongs, and of which message it is a correction, if it is one. */
export interface DraftPlace {
  userId: Id
  conversationId: Id
  /** Of a message, its id; of one that isn't stored, its client_id. */
  of?: Id | string
}

function draftKey({ userId, conversationId, of }: DraftPlace): string {
  return `messagerie.draft.${userId}.${conversationId}${of === undefined ? '' : `.${of}`}`
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

/** In which of these conversations one has begun to write. */
export function usePlacesWithDraft(userId: Id, conversationIds: Id[]): Set<Id> {
  const begun = useSyncExternalStore(
    onStoredElsewhere,
    () => conversationIds.filter((conversationId) => readDraft({ userId, conversationId }).trim() !== '').join(),
    noDraft,
  )
  return new Set(begun.split(',').map(Number))
}

const noDraft = () => ''

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
