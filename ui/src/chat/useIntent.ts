import { useCallback, useEffect, useState } from 'react'
import { onStoredElsewhere, readStored, storedKeys, writeStored } from '../lib/storage'
import type { Id } from '../protocol'
import { type DraftPlace, moveDraft } from './useDraft'

/**
 * What the composer of a conversation is for; `rewrite` is of a message of ours that wasn't stored then.
 * A correction is due that was to be saved, where only the connection failed.
 */
export type Intent =
  | { kind: 'write' }
  | { kind: 'reply'; messageId: Id }
  | { kind: 'edit'; messageId: Id; isDue?: boolean }
  | { kind: 'rewrite'; clientId: string }

const intentsOf = (userId: Id) => `messagerie.intent.${userId}.`
const intentKey = (userId: Id, conversationId: Id) => intentsOf(userId) + String(conversationId)

/** Kept on this device like the draft: an answer that one comes back to is still an answer. */
export function useIntent(userId: Id, conversationId: Id): [Intent, (intent: Intent) => void] {
  const key = intentKey(userId, conversationId)
  const [intent, setIntent] = useState(() => intentIn(readStored(key)))
  const change = useCallback(
    (next: Intent) => {
      setIntent(next)
      writeStored(key, next.kind === 'write' ? null : JSON.stringify(next))
    },
    [key],
  )
  // As the draft: an answer that another tab has sent is none here any more.
  useEffect(
    () =>
      onStoredElsewhere((changed, value) => {
        if (changed === key) setIntent(intentIn(value))
      }),
    [key],
  )
  return [intent, change]
}

/** The corrections that are due on this device. */
export function readDue(userId: Id): { conversationId: Id; messageId: Id }[] {
  return storedKeys(intentsOf(userId)).flatMap((key) => {
    const intent = intentIn(readStored(key))
    if (intent.kind !== 'edit' || !intent.isDue) return []
    return [{ conversationId: Number(key.slice(intentsOf(userId).length)), messageId: intent.messageId }]
  })
}

/** Whether that is what the conversation's composer is for, in whatever tab: nobody has given the correction up. */
export function isCorrecting(userId: Id, conversationId: Id, messageId: Id): boolean {
  const intent = intentIn(readStored(intentKey(userId, conversationId)))
  return intent.kind === 'edit' && intent.messageId === messageId
}

/** Done, in a conversation that isn't open. */
export function forgetIntent(userId: Id, conversationId: Id): void {
  writeStored(intentKey(userId, conversationId), null)
}

/** What was begun with a person is gone on with in their conversation. */
export function moveWriting(userId: Id, from: Id, to: Id): void {
  const places = (of?: string): [DraftPlace, DraftPlace] => [
    { userId, conversationId: from, ...(of ? { of } : {}) },
    { userId, conversationId: to, ...(of ? { of } : {}) },
  ]
  moveDraft(...places())
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
    // Written by hand, or by nobody.
  }
  return { kind: 'write' }
}

function isIntent(value: unknown): value is Intent {
  const { kind, messageId, clientId } = (value ?? {}) as Record<string, unknown>
  return kind === 'rewrite' ? typeof clientId === 'string' : (kind === 'reply' || kind === 'edit') && typeof messageId === 'number'
}
