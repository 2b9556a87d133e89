import { useCallback, useEffect, useState } from 'react'
import { readStored, writeStored } from '../lib/storage'
import type { Id } from '../protocol'

const draftKey = (userId: Id, conversationId: Id) => `messagerie.draft.${userId}.${conversationId}`

/**
 * What was begun in a conversation, kept on this device while it is typed. It belongs to
 * one user and one conversation: the caller gives the component a key of both.
 */
export function useDraft(userId: Id, conversationId: Id): [string, (text: string) => void] {
  const [text, setText] = useState(() => readStored(draftKey(userId, conversationId)) ?? '')
  const change = useCallback(
    (next: string) => {
      setText(next)
      storeDraft(userId, conversationId, next)
    },
    [userId, conversationId],
  )
  // The storage tells the other tabs only: what is typed there shows here.
  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === draftKey(userId, conversationId)) setText(event.newValue ?? '')
    }
    window.addEventListener('storage', onStorage)
    return () => {
      window.removeEventListener('storage', onStorage)
    }
  }, [userId, conversationId])
  return [text, change]
}

export function storeDraft(userId: Id, conversationId: Id, text: string): void {
  writeStored(draftKey(userId, conversationId), text)
}
