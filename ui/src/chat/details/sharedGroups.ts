import type { Conversation, Id } from '../../protocol/resources'
import { byActivity, conversationName, participantOf } from '../state/conversations'

export interface SharedGroup {
  id: Id
  /** Empty if it has no title and too many people to be named. */
  name: string
}

/** The groups that the user shares with somebody, among the conversations that are loaded; the most recent first. */
export function sharedGroups(conversations: Readonly<Record<Id, Conversation>>, userId: Id, personId: Id): SharedGroup[] {
  const shared = Object.values(conversations).filter((one) => one.kind === 'group' && participantOf(one, personId))
  return byActivity(shared).map((one) => ({ id: one.conversation_id, name: conversationName(one, userId) }))
}
