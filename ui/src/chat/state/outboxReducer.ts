import { assertNever } from '../../lib/assertNever'
import { conversationIn, personIn, type Place } from '../../lib/place'
import type { EventOf, OutboxEvent } from './chatEvent'
import type { ChatState, Delivery, Outgoing } from './chatState'
import { bySequence, isHeld, mapOutgoing, mayBeChanged } from './outbox'

/** The messages that the server hasn't confirmed yet. */
export function reduceOutbox(state: ChatState, event: OutboxEvent): ChatState {
  switch (event.type) {
    case 'written':
      return { ...state, outgoing: [...state.outgoing, event.outgoing] }
    case 'outboxRestored':
      return restoreOutbox(state, event.outgoing)
    case 'keptElsewhere':
      return keptElsewhere(state, event.outgoing)
    case 'handedOver':
      return handOver(state, event.clientIds)
    case 'heldReleased':
      return mapOutgoing(state, isHeld, { status: 'waiting' })
    case 'contactRefused':
      return mapOutgoing(state, (one) => personIn(one.place) === event.personId && one.delivery.status === 'waiting', { status: 'failed', code: event.code })
    case 'retried':
      return mapOutgoing(state, (one) => one.clientId === event.clientId, { status: 'waiting' })
    case 'rewritten':
      return rewrite(state, event)
    case 'withdrawn':
      return { ...state, outgoing: state.outgoing.filter((one) => one.clientId !== event.clientId) }
    case 'fileChanged':
      return { ...state, outgoing: state.outgoing.flatMap((one) => changeFile(one, event)) }
    default:
      return assertNever(event)
  }
}

function handOver(state: ChatState, clientIds: readonly string[]): ChatState {
  const isMeant = (one: Outgoing) => clientIds.includes(one.clientId)
  return { ...state, outgoing: state.outgoing.map((one) => (isMeant(one) ? { ...one, wasSent: true, delivery: { status: 'sending' } } : one)) }
}

/** Inserts messages of an earlier page before those of this one, unless they have been stored since. */
function restoreOutbox(state: ChatState, left: readonly Outgoing[]): ChatState {
  const missing = left.filter((one) => !isKnown(state, one.clientId) && !hasArrived(state, one))
  return { ...state, isOutboxRestored: true, outgoing: [...missing, ...behind(missing.at(-1)?.sequence ?? 0, state.outgoing)] }
}

/** Regardless of the clock when they were written. */
function behind(last: number, outgoing: Outgoing[]): Outgoing[] {
  const isBehind = outgoing.every((one) => one.sequence > last)
  return isBehind ? outgoing : outgoing.map((one, index) => ({ ...one, sequence: last + 1 + index }))
}

/** Another tab of the same user has written it, retries it, or it was refused there. */
function keptElsewhere(state: ChatState, outgoing: Outgoing): ChatState {
  const { clientId, delivery } = outgoing
  if (!isKnown(state, clientId)) {
    const asWaiting: Outgoing = delivery.status === 'failed' ? outgoing : { ...outgoing, delivery: { status: 'waiting' } }
    return hasArrived(state, outgoing) ? state : { ...state, outgoing: [...state.outgoing, asWaiting].sort(bySequence) }
  }
  const adopted = ({ delivery: known }: Outgoing): Delivery =>
    delivery.status === 'failed' ? delivery : known.status === 'failed' ? { status: 'waiting' } : known
  const changed = state.outgoing.map((one) =>
    one.clientId === clientId
      ? { ...one, place: furtherPlace(one, outgoing), sequence: outgoing.sequence, wasSent: one.wasSent || outgoing.wasSent || false, ...(outgoing.files ? { files: outgoing.files } : {}), delivery: adopted(one) }
      : one,
  )
  return { ...state, outgoing: changed.sort(bySequence) }
}

/** The conversation, if one of the two tabs knows it. */
function furtherPlace(known: Outgoing, incoming: Outgoing): Place {
  return conversationIn(known.place) === null ? incoming.place : known.place
}

/** Keeps its place and the message that it replies to, but with another client_id: the server may know the old one. */
function rewrite(state: ChatState, event: EventOf<'rewritten'>): ChatState {
  const { clientId, newClientId, content, mentions } = event
  return {
    ...state,
    outgoing: state.outgoing.map((one) =>
      one.clientId === clientId && mayBeChanged(one)
        ? { ...one, clientId: newClientId, content, mentions, wasSent: false, delivery: { status: 'waiting' } }
        : one,
    ),
  }
}

/** A message that loses its last file, and has no text, is withdrawn. */
function changeFile(one: Outgoing, { key, change, delivery = one.delivery }: EventOf<'fileChanged'>): Outgoing[] {
  if (!one.files?.some((file) => file.key === key)) return [one]
  const files = one.files.flatMap((file) => (file.key !== key ? [file] : change ? [{ ...file, ...change }] : []))
  return files.length > 0 || one.content ? [{ ...one, files, delivery }] : []
}

function isKnown(state: ChatState, clientId: string): boolean {
  return state.outgoing.some((one) => one.clientId === clientId)
}

function hasArrived(state: ChatState, { clientId, place }: Outgoing): boolean {
  const messages = state.threads[conversationIn(place) ?? 0]?.messages ?? []
  return messages.some((message) => message.client_id === clientId && message.sender_id === state.userId)
}
