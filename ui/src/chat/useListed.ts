import { useMemo } from 'react'
import type { Conversation, Id } from '../protocol'
import type { ChatState } from './chatState'
import { byActivity } from './conversations'
import { usePlacesWithDraft } from './useDraft'

/**
 * The conversations of the list, most recent first. A direct one in which nothing was said is
 * somebody else's intention: it shows only to whom it is open, or who has begun to write in it.
 * To a group one was added, and sees it at once.
 */
export function useListed({ userId, conversations, outgoing }: ChatState, selectedId: Id | null): Conversation[] {
  const all = useMemo(() => byActivity(conversations), [conversations])
  const silent = useMemo(() => all.filter(isSilent), [all])
  const begun = usePlacesWithDraft(userId, silent.map((one) => one.conversation_id))
  // Mostly there are none, and what depends on the list stays as it was.
  if (silent.length === 0) return all
  const isOurs = (id: Id) => id === selectedId || begun.has(id) || outgoing.some((one) => one.conversationId === id)
  return all.filter((one) => !isSilent(one) || isOurs(one.conversation_id))
}

function isSilent({ kind, last_message }: Conversation): boolean {
  return kind === 'direct' && last_message === null
}
