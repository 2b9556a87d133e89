import type { ChatState, Delivery, Outgoing } from './chatState'

export function mapOutgoing(state: ChatState, isMeant: (one: Outgoing) => boolean, delivery: Delivery): ChatState {
  return { ...state, outgoing: state.outgoing.map((one) => (isMeant(one) ? { ...one, delivery } : one)) }
}

export function isHeld({ delivery }: Outgoing): boolean {
  return delivery.status === 'waiting' && delivery.isHeld === true
}

/** Not if the server may have it: a change would duplicate it, and discarding wouldn't remove it. */
export function mayBeChanged({ delivery, wasSent }: Outgoing): boolean {
  return delivery.status === 'failed' || (delivery.status === 'waiting' && !wasSent)
}

export function bySequence(a: Pick<Outgoing, 'sequence'>, b: Pick<Outgoing, 'sequence'>): number {
  return a.sequence - b.sequence
}
