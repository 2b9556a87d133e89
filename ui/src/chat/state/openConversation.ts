import { createContext } from 'react'
import type { Conversation, Id } from '../../protocol/resources'

/** The conversation around the menu of a message, whose rows aren't rendered when it changes; null elsewhere. */
export const OpenConversation = createContext<Open | null>(null)

export interface Open {
  userId: Id
  conversation: Conversation
  /** Whether the user may read what others’ messages said before. */
  moderates: boolean
  /** With what the user has just changed; absent on an older server. */
  pinned: readonly Id[] | undefined
}
