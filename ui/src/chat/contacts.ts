import type { Conversation, Id, Timestamp, User } from '../protocol'
import type { ChatState, Thread } from './chatState'
import { directWith } from './conversations'
import { emptyThread } from './thread'

/** Somebody to whom one began to write before there was a conversation. */
export interface Contact {
  person: User
  since: Timestamp
}

/** Conversations have ids above zero: below it stands what is meant for a person. */
export function placeOf(personId: Id): Id {
  return -personId
}

/** The person for whom it is meant; null in a conversation. */
export function personAt(place: Id): Id | null {
  return place < 0 ? -place : null
}

const nothingSaid: Thread = { ...emptyThread, load: { status: 'ready' } }

/** With each of them whose conversation isn't known a place that looks like one, under an id below zero. */
export function withContacts(state: ChatState, contacts: readonly Contact[]): ChatState {
  const unmet = contacts.filter(({ person }) => !directWith(state.conversations, state.userId, person.id))
  if (unmet.length === 0) return state
  const places = unmet.map(placeFor)
  return {
    ...state,
    conversations: { ...state.conversations, ...Object.fromEntries(places.map((place) => [place.conversation_id, place])) },
    threads: { ...state.threads, ...Object.fromEntries(places.map((place) => [place.conversation_id, nothingSaid])) },
  }
}

function placeFor({ person, since }: Contact): Conversation {
  return {
    conversation_id: placeOf(person.id),
    participants: [person],
    last_message: null,
    created_at: since,
    updated_at: since,
    unread_count: 0,
    kind: 'direct',
    title: '',
    establishment_id: 0,
    muted: false,
    receipts: [],
  }
}

/** What was written to a person belongs to their conversation as soon as that is known. */
export function addressed(state: ChatState): ChatState {
  if (!state.outgoing.some((one) => one.conversationId < 0)) return state
  return {
    ...state,
    outgoing: state.outgoing.map((one) => {
      const personId = personAt(one.conversationId)
      const met = personId === null ? undefined : directWith(state.conversations, state.userId, personId)
      return met ? { ...one, conversationId: met.conversation_id } : one
    }),
  }
}
