import { useCallback, useEffect, useState } from 'react'
import { conversationIn, type Place, placeKey, placeOfNumber } from '../../lib/place'
import { onStoredElsewhere, personalKey, readStored, storedKeys, writeStored } from '../../lib/storage'
import type { Id } from '../../protocol/resources'
import { type DraftPlace, draftOfFiles, moveDraft } from './useDraft'

/**
 * What the composer of a conversation is used for; `rewrite` is for one of the user's unconfirmed messages. An edit
 * is due if it was to be saved and only the connection failed.
 */
export type Intent =
  | { kind: 'write' }
  | { kind: 'reply'; messageId: Id }
  | { kind: 'edit'; messageId: Id; isDue?: boolean }
  | { kind: 'rewrite'; clientId: string }

const intentsOf = (userId: Id) => personalKey('intent', userId, '')
const intentKey = (userId: Id, place: Place) => intentsOf(userId) + placeKey(place)

/** Stored on this device like the draft, so that a reply that is continued later is still a reply. */
export function useIntent(userId: Id, place: Place): [Intent, (intent: Intent) => void] {
  const key = intentKey(userId, place)
  const [held, setHeld] = useState(() => ({ key, intent: intentIn(readStored(key)) }))
  // Like the draft: moved into a conversation.
  if (held.key !== key) setHeld({ key, intent: intentIn(readStored(key)) })
  const change = useCallback(
    (next: Intent) => {
      setHeld({ key, intent: next })
      writeStored(key, next.kind === 'write' ? null : JSON.stringify(next))
    },
    [key],
  )
  // Like the draft: a reply that another tab has sent is over here as well.
  useEffect(
    () =>
      onStoredElsewhere((changed, value) => {
        if (changed === key) setHeld({ key, intent: intentIn(value) })
      }),
    [key],
  )
  return [held.intent, change]
}

/** The edits that are due on this device. */
export function readDue(userId: Id): { conversationId: Id; messageId: Id }[] {
  return storedKeys(intentsOf(userId)).flatMap((key) => {
    const intent = intentIn(readStored(key))
    const conversationId = conversationIn(placeOfNumber(Number(key.slice(intentsOf(userId).length))))
    return intent.kind === 'edit' && intent.isDue && conversationId !== null ? [{ conversationId, messageId: intent.messageId }] : []
  })
}

/** Whether the conversation's composer is used for that edit in any tab, so that it hasn't been cancelled. */
export function isCorrecting(userId: Id, conversationId: Id, messageId: Id): boolean {
  const intent = intentIn(readStored(intentKey(userId, { conversation: conversationId })))
  return intent.kind === 'edit' && intent.messageId === messageId
}

/** For an edit that was saved in a conversation that isn't open. */
export function forgetIntent(userId: Id, conversationId: Id): void {
  writeStored(intentKey(userId, { conversation: conversationId }), null)
}

/** Where what was written to people has been moved, in this page. */
const moved = new Map<string, Place>()

/** Where writing belongs that began in a place: the conversation, if there is one with that person by now. */
export function placeOfWriting(userId: Id, place: Place): Place {
  return moved.get(intentKey(userId, place)) ?? place
}

/** Moves the draft and intent for a person into their conversation. */
export function moveWriting(userId: Id, from: Place, to: Place): void {
  moved.set(intentKey(userId, from), to)
  const places = (of?: string): [DraftPlace, DraftPlace] => [
    { userId, place: from, ...(of ? { of } : {}) },
    { userId, place: to, ...(of ? { of } : {}) },
  ]
  moveDraft(...places())
  moveDraft(...places(draftOfFiles))
  const stored = readStored(intentKey(userId, from))
  const intent = intentIn(stored)
  if (intent.kind !== 'rewrite') return
  moveDraft(...places(intent.clientId))
  writeStored(intentKey(userId, to), stored)
  writeStored(intentKey(userId, from), null)
}

function intentIn(stored: string | null): Intent {
  try {
    const value: unknown = JSON.parse(stored ?? 'null')
    if (isIntent(value)) return value
  } catch {
    // Edited by hand, or missing.
  }
  return { kind: 'write' }
}

function isIntent(value: unknown): value is Intent {
  const { kind, messageId, clientId } = (value ?? {}) as Record<string, unknown>
  return kind === 'rewrite' ? typeof clientId === 'string' : (kind === 'reply' || kind === 'edit') && typeof messageId === 'number'
}
