import { useEffect, useEffectEvent } from 'react'
import type { Id } from '../../protocol/resources'
import type { ChatState } from './chatState'

/** A message to show in its place. A new object each time it is asked for. */
export interface Wanted {
  conversationId: Id
  messageId: Id
}

/** Loads the messages around the wanted one, if others of its conversation are loaded. */
export function useWanted({ threads }: ChatState, wanted: Wanted | null, loadAround: (conversationId: Id, messageId: Id) => void): void {
  const thread = wanted ? threads[wanted.conversationId] : undefined
  const isOpen = thread?.load.status === 'ready'
  const load = useEffectEvent(({ conversationId, messageId }: Wanted) => {
    const isLoaded = thread?.messages.some(({ id }) => id === messageId)
    if (!isLoaded) loadAround(conversationId, messageId)
  })
  useEffect(() => {
    if (wanted && isOpen) load(wanted)
  }, [wanted, isOpen])
}
