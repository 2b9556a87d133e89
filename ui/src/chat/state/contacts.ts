import { conversationIn, personIn, type Place, placeKey } from '../../lib/place'
import type { Conversation, Id, Timestamp, User } from '../../protocol/resources'
import type { ChatState } from './chatState'
import { directWith, othersOf } from './conversations'
import { emptyThread, type Thread } from './thread'

/** Somebody with a draft or messages, but without a conversation yet. */
export interface Contact {
  person: User
  since: Timestamp
}

/** A placeholder for the conversation that doesn't exist yet, with the id 0. */
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

/** The place of a conversation: that of a placeholder is its only participant. */
export function placeOf({ conversation_id: id, participants }: Conversation): Place {
  return id === 0 ? { person: participants[0]?.id ?? 0 } : { conversation: id }
}

/** The same before and after there is a conversation with somebody: what was begun, even a recording, goes on in it. */
export function paneKey(conversation: Conversation, userId: Id): string {
  const [other] = conversation.kind === 'direct' ? othersOf(conversation, userId) : []
  return placeKey(other ? { person: other.id } : placeOf(conversation))
}

/** The conversation of a place: an existing one, or the placeholder for a new contact. */
export function conversationAt(place: Place, conversations: ChatState['conversations'], newContacts: readonly Conversation[]): Conversation | undefined {
  const id = conversationIn(place)
  if (id !== null) return conversations[id]
  return newContacts.find(({ participants }) => participants[0]?.id === personIn(place))
}

/** Moves messages to a person into their conversation as soon as that is known. */
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
