import { useCallback, useEffect, useState } from 'react'
import { onStoredElsewhere, readStored, writeStored } from '../lib/storage'
import type { Id } from '../protocol'
import { type DraftPlace, moveDraft } from './useDraft'

/** What the composer of a conversation is for; `rewrite` is of a message of ours that wasn't stored then. */
export type Intent =
  | { kind: 'write' }
  | { kind: 'reply'; messageId: Id }
  | { kind: 'edit'; messageId: Id }
  | { kind: 'rewrite'; clientId: string }

const intentKey = (userId: Id, conversationId: Id) => `messagerie.intent.${userId}.${conversationId}`

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
