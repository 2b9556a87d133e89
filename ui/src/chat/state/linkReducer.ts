import type { ChatState } from './chatState'
import { isHeld, mapOutgoing } from './outbox'
import type { Beyond, Thread } from './thread'

/** With a link goes what was only true on it: who is typing, what is on its way, what is up to date. */
export function changeLink(state: ChatState, isConnected: boolean): ChatState {
  const threads = Object.fromEntries(
    Object.entries(state.threads).map(([id, thread]) => [id, onNewLink(thread, isConnected)]),
  )
  return {
    ...mapOutgoing(state, (one) => one.delivery.status === 'sending' || isHeld(one), { status: 'waiting' }),
    threads,
    typists: [],
    seen: {},
    reported: {},
    link: { status: isConnected ? 'opening' : 'down', epoch: state.link.epoch + 1 },
  }
}

/** What couldn't be loaded without a link may be requested again once there is one. */
function onNewLink(thread: Thread, isConnected: boolean): Thread {
  const again = (beyond: Beyond): Beyond => (isConnected && beyond.status === 'failed' ? { status: 'more' } : beyond)
  return { ...thread, sync: 'stale', older: again(thread.older), newer: again(thread.newer) }
}
