import type { ChatState, Delivery, Outgoing } from './chatState'

export function mapOutgoing(state: ChatState, isMeant: (one: Outgoing) => boolean, delivery: Delivery): ChatState {
  return { ...state, outgoing: state.outgoing.map((one) => (isMeant(one) ? { ...one, delivery } : one)) }
}

/** Before what was written on this page stands what an earlier one left, unless it arrived meanwhile. */
export function restoreOutbox(state: ChatState, left: readonly Outgoing[]): ChatState {
  const missing = left.filter((one) => !isKnown(state, one.clientId) && !hasArrived(state, one))
  return { ...state, isOutboxRestored: true, outgoing: [...missing, ...state.outgoing] }
}

/** Another tab of the same user wrote it, was refused, or tries it again. */
export function keptElsewhere(state: ChatState, outgoing: Outgoing): ChatState {
  const { clientId, delivery } = outgoing
  if (!isKnown(state, clientId)) {
    const asWaiting: Outgoing = delivery.status === 'failed' ? outgoing : { ...outgoing, delivery: { status: 'waiting' } }
    return hasArrived(state, outgoing) ? state : { ...state, outgoing: [...state.outgoing, asWaiting] }
  }
  const isFailed = delivery.status === 'failed'
  return mapOutgoing(
    state,
    (one) => one.clientId === clientId && (isFailed || one.delivery.status === 'failed'),
    isFailed ? delivery : { status: 'waiting' },
  )
}

/** In its place and with what it answers; under another client_id: the server may know the old one. */
export function rewrite(state: ChatState, change: { clientId: string; newClientId: string; content: string }): ChatState {
  const { clientId, newClientId, content } = change
  return {
    ...state,
    outgoing: state.outgoing.map((one) =>
      one.clientId === clientId ? { ...one, clientId: newClientId, content, delivery: { status: 'waiting' } } : one,
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
