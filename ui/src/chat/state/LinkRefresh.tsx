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
  onMe: (me: Me) => void
}

/** While frames keep arriving, a response may be older than they are. */
const attempts = 5

/**
 * Asks, once on each open link, for what frames only change: what waits to be delivered and, after a gap, the caller. It
 * shows nothing; it is a component so that it can be loaded after the first conversation.
 */
export function LinkRefresh({ state, me, dispatch, onMe }: LinkRefreshProps) {
  const { link, scheduled } = state
  const heard = useEffectEvent(() => scheduled)
  const refresh = useEffectEvent(async (isOver: () => boolean) => {
    // Known from before this link, and nothing was missed on the first one.
    if (!me || link.epoch > 1) fetchMe().then((fresh) => { if (!isOver()) onMe(fresh) }, () => undefined)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = heard()
      const rows = await fetchScheduled()
      if (isOver()) return
      if (heard() !== before) continue
      dispatch({ type: 'scheduledLoaded', scheduled: rows })
      return
    }
  })
  const epoch = link.status === 'open' ? link.epoch : 0
  useEffect(() => {
    if (epoch === 0) return
    let isOver = false
    refresh(() => isOver).catch(() => undefined)
    return () => {
      isOver = true
    }
  }, [epoch])
  return null
}
