import { type Dispatch, useMemo } from 'react'
import { ApiError } from '../../actions/apiCall'
import { cancelScheduled, changeScheduled } from '../../actions/scheduledAction'
import type { Id, Scheduled, Timestamp } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'

export interface ScheduledChange {
  content?: string
  deliver_at?: Timestamp
}

/** These reject with an ApiError. */
export interface ScheduledCommands {
  change: (id: Id, change: ScheduledChange) => Promise<void>
  sendNow: (id: Id) => Promise<void>
  cancel: (scheduled: Scheduled) => Promise<void>
}

export function useScheduledCommands(dispatch: Dispatch<ChatEvent>): ScheduledCommands {
  return useMemo(() => {
    /** If it was delivered in the meantime, or cancelled on another device, it is gone. */
    const orGone = (id: Id, work: Promise<void>) =>
      work.catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 404) throw error
        dispatch({ type: 'scheduledCancelled', id })
      })
    const change = (id: Id, fields: ScheduledChange) =>
      orGone(id, changeScheduled(id, fields).then((scheduled) => {
        dispatch({ type: 'scheduledChanged', scheduled })
      }))
    return {
      change,
      // A time that is over. What becomes of it, the frames tell, often before the response arrives.
      sendNow: (id) => orGone(id, changeScheduled(id, { deliver_at: new Date().toISOString() }).then(() => undefined)),
      cancel: ({ id }) =>
        orGone(id, cancelScheduled(id).then(() => {
          dispatch({ type: 'scheduledCancelled', id })
        })),
    }
  }, [dispatch])
}
