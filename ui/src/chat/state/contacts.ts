import { conversationIn, personIn, type Place } from '../../lib/place'
import type { Conversation, Timestamp, User } from '../../protocol/resources'
import type { ChatState } from './chatState'
import { directWith } from './conversations'
import { emptyThread, type Thread } from './thread'

/** Somebody to whom one began to write before there was a conversation. */
export interface Contact {
  person: User
  since: Timestamp
}

/** What shows in the place of the conversation that there isn't yet: its id is 0. */
export function conversationWith({ person, since }: Contact): Conversation {
  return {
    conversation_id: 0,
    participants: [person],
    participant_count: 2,
    last_message: null,
    created_at: since,
    updated_at: since,
    unread_count: 0,
    kind: 'direct',
    title: '',
    establishment_id: 0,
    muted: false,
    receipts: [],
    managed_by: 0,
    can: { rename: false, add: false, remove: false, leave: false },
  }
}

/** Its messages. */
export const nothingSaid: Thread = { ...emptyThread, load: { status: 'ready' } }

/** Where one writes to it: one that there isn't yet stands for its only participant. */
export function placeOf({ conversation_id: id, participants }: Conversation): Place {
  return id === 0 ? { person: participants[0]?.id ?? 0 } : { conversation: id }
}

/** The conversation of a place: one of ours, or that with a new contact. */
export function conversationAt(place: Place, conversations: ChatState['conversations'], newContacts: readonly Conversation[]): Conversation | undefined {
  const id = conversationIn(place)
  if (id !== null) return conversations[id]
  return newContacts.find(({ participants }) => participants[0]?.id === personIn(place))
}

/** What was written to a person belongs to their conversation as soon as that is known. */
export function addressed(state: ChatState): ChatState {
  if (!state.outgoing.some((one) => personIn(one.place) !== null)) return state
  return {
    ...state,
    outgoing: state.outgoing.map((one) => {
      const personId = personIn(one.place)
      const met = personId === null ? undefined : directWith(state.conversations, state.userId, personId)
      return met ? { ...one, place: { conversation: met.conversation_id } } : one
    }),
  }
}
