import type { Id } from '../protocol'
import type { ChatState, Delivery, Outgoing } from './chatState'

export function mapOutgoing(state: ChatState, isMeant: (one: Outgoing) => boolean, delivery: Delivery): ChatState {
  return { ...state, outgoing: state.outgoing.map((one) => (isMeant(one) ? { ...one, delivery } : one)) }
}

export function handOver(state: ChatState, clientIds: readonly string[]): ChatState {
  const isMeant = (one: Outgoing) => clientIds.includes(one.clientId)
  return { ...state, outgoing: state.outgoing.map((one) => (isMeant(one) ? { ...one, wasSent: true, delivery: { status: 'sending' } } : one)) }
}

/** Not what the server may have: changed, it would be there twice; taken back, all the same. */
export function mayBeChanged({ delivery, wasSent }: Outgoing): boolean {
  return delivery.status === 'failed' || (delivery.status === 'waiting' && !wasSent)
}

/** Before what was written on this page stands what an earlier one left, unless it arrived meanwhile. */
export function restoreOutbox(state: ChatState, left: readonly Outgoing[]): ChatState {
  const missing = left.filter((one) => !isKnown(state, one.clientId) && !hasArrived(state, one))
  return { ...state, isOutboxRestored: true, outgoing: [...missing, ...behind(missing.at(-1)?.sequence ?? 0, state.outgoing)] }
}

/** Whatever the clock said when they were written. */
function behind(last: number, outgoing: Outgoing[]): Outgoing[] {
  const isBehind = outgoing.every((one) => one.sequence > last)
  return isBehind ? outgoing : outgoing.map((one, index) => ({ ...one, sequence: last + 1 + index }))
}

export function bySequence(a: Pick<Outgoing, 'sequence'>, b: Pick<Outgoing, 'sequence'>): number {
  return a.sequence - b.sequence
}

/** Another tab of the same user wrote it, was refused, or tries it again. */
export function keptElsewhere(state: ChatState, outgoing: Outgoing): ChatState {
  const { clientId, delivery } = outgoing
  if (!isKnown(state, clientId)) {
    const asWaiting: Outgoing = delivery.status === 'failed' ? outgoing : { ...outgoing, delivery: { status: 'waiting' } }
    return hasArrived(state, outgoing) ? state : { ...state, outgoing: [...state.outgoing, asWaiting].sort(bySequence) }
  }
  const adopted = ({ delivery: known }: Outgoing): Delivery =>
    delivery.status === 'failed' ? delivery : known.status === 'failed' ? { status: 'waiting' } : known
  const changed = state.outgoing.map((one) =>
    one.clientId === clientId
      ? { ...one, conversationId: furtherPlace(one, outgoing), sequence: outgoing.sequence, wasSent: one.wasSent || outgoing.wasSent || false, delivery: adopted(one) }
      : one,
  )
  return { ...state, outgoing: changed.sort(bySequence) }
}

/** The conversation, where one of the two tabs has it already. */
function furtherPlace(known: Outgoing, incoming: Outgoing): Id {
  return Math.max(known.conversationId, incoming.conversationId)
}

/** In its place and with what it answers; under another client_id: the server may know the old one. */
export function rewrite(state: ChatState, change: { clientId: string; newClientId: string; content: string }): ChatState {
  const { clientId, newClientId, content } = change
  return {
    ...state,
    outgoing: state.outgoing.map((one) =>
      one.clientId === clientId && mayBeChanged(one)
        ? { ...one, clientId: newClientId, content, wasSent: false, delivery: { status: 'waiting' } }
        : one,
    ),
  }
}

export function withdraw(state: ChatState, clientId: string): ChatState {
  return { ...state, outgoing: state.outgoing.filter((one) => one.clientId !== clientId) }
}

function isKnown(state: ChatState, clientId: string): boolean {
  return state.outgoing.some((one) => one.clientId === clientId)
}

function hasArrived(state: ChatState, { clientId, conversationId }: Outgoing): boolean {
  const messages = state.threads[conversationId]?.messages ?? []
  return messages.some((message) => message.client_id === clientId && message.sender_id === state.userId)
}
