import type { ChatState } from './chatState'
import { isHeld, mapOutgoing } from './outbox'
import type { Beyond, Thread } from './thread'

/** When a link is lost, so is what depended on it: who is typing, what is being sent, what is up to date. */
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

/** Loads that failed without a link may be retried once there is one. */
function onNewLink(thread: Thread, isConnected: boolean): Thread {
  const again = (beyond: Beyond): Beyond => (isConnected && beyond.status === 'failed' ? { status: 'more' } : beyond)
  return { ...thread, sync: 'stale', older: again(thread.older), newer: again(thread.newer) }
}
