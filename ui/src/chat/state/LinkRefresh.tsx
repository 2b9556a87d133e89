import { type Dispatch, useEffect, useEffectEvent } from 'react'
import { fetchScheduled } from '../../actions/scheduledAction'
import { fetchMe } from '../../actions/sessionAction'
import type { Me } from '../../protocol/resources'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'

interface LinkRefreshProps {
  state: ChatState
  me: Me | null
  dispatch: Dispatch<ChatEvent>
  /** Takes over what `load` returns, unless a frame has told of the caller meanwhile. */
  onRefresh: (load: () => Promise<Me>) => Promise<void>
}

/**
 * Asks, on each open link, for what frames only change: what waits to be delivered and, after a gap, the caller. It
 * shows nothing; it is a component so that it can be loaded after the first conversation.
 */
export function LinkRefresh({ state, me, dispatch, onRefresh }: LinkRefreshProps) {
  const { link, scheduled, scheduledEpoch } = state
  const epoch = link.status === 'open' ? link.epoch : 0
  const refresh = useEffectEvent(() => {
    // Known from before this link, and nothing was missed on the first one.
    if (!me || epoch > 1) onRefresh(fetchMe).catch(() => undefined)
  })
  useEffect(() => {
    if (epoch !== 0) refresh()
  }, [epoch])
  const isDue = epoch !== 0 && scheduledEpoch !== epoch
  useEffect(() => {
    if (!isDue) return
    // What a frame changes meanwhile is asked for again: the response may be older.
    const abort = new AbortController()
    fetchScheduled({ signal: abort.signal }).then(
      (rows) => {
        if (!abort.signal.aborted) dispatch({ type: 'scheduledLoaded', scheduled: rows, instead: scheduled, epoch })
      },
      () => undefined,
    )
    return () => {
      abort.abort()
    }
  }, [isDue, epoch, scheduled, dispatch])
  return null
}
