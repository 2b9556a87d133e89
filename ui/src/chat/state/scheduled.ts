import type { ServerFrame } from '../../protocol/frames'
import type { Id, Scheduled } from '../../protocol/resources'
import type { EventOf } from './chatEvent'
import type { ChatState } from './chatState'

type Gone = Extract<ServerFrame, { type: 'scheduled_gone' }>

/** The user's messages that the server has, but hasn't delivered yet; those in the response of a request replace all. */
export function reduceScheduled(state: ChatState, event: EventOf<'scheduledLoaded' | 'scheduledChanged' | 'scheduledCancelled'>): ChatState {
  switch (event.type) {
    case 'scheduledLoaded':
      // A frame that isn't rendered yet is newer than the response.
      if (state.scheduled !== event.instead) return state
      return event.scheduled.reduce(withScheduled, { ...state, scheduled: [], scheduledEpoch: event.epoch })
    case 'scheduledChanged':
      // It may have been delivered before the response arrived.
      return state.scheduled.some(({ id }) => id === event.scheduled.id) ? withScheduled(state, event.scheduled) : state
    case 'scheduledCancelled':
      return withoutScheduled(state, (one) => one.id === event.id)
  }
}

/** The server has it now: it no longer waits to be sent. */
export function withScheduled(state: ChatState, one: Scheduled): ChatState {
  const scheduled = [...state.scheduled.filter(({ id }) => id !== one.id), one]
  return {
    ...state,
    outgoing: state.outgoing.filter(({ clientId }) => clientId !== one.client_id),
    scheduled: scheduled.sort((a, b) => (a.deliver_at < b.deliver_at ? -1 : a.deliver_at > b.deliver_at ? 1 : a.id - b.id)),
  }
}

/** One that was refused stays, with the code. */
export function afterGone(state: ChatState, { id, reason, code = 'internal' }: Gone): ChatState {
  if (reason !== 'refused') return withoutScheduled(state, (one) => one.id === id)
  return { ...state, scheduled: state.scheduled.map((one) => (one.id === id ? { ...one, code } : one)) }
}

export function withoutScheduled(state: ChatState, isMeant: (one: Scheduled) => boolean): ChatState {
  return state.scheduled.some(isMeant) ? { ...state, scheduled: state.scheduled.filter((one) => !isMeant(one)) } : state
}

/** Those of a conversation. */
export function scheduledIn(scheduled: readonly Scheduled[], conversationId: Id): Scheduled[] {
  return scheduled.filter((one) => one.conversation_id === conversationId)
}
