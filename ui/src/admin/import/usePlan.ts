import { useCallback, useEffect, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { fetchRoster } from '../../actions/rosterAction'
import type { Id } from '../../protocol/resources'
import type { RosterPlan } from '../../protocol/roster'

interface PlanState {
  plan: RosterPlan | null
  error: unknown
  /** The server can't be reached while it is at work. */
  isOffline: boolean
}

const pollEvery = 1_000
const retryAfter = 4_000

/** A plan, asked for again and again while the server applies or undoes it. `reload` asks once more. */
export function usePlan(establishmentId: Id, planId: Id): PlanState & { reload: () => void } {
  const [state, setState] = useState<PlanState>({ plan: null, error: null, isOffline: false })
  const [round, setRound] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    let timer = 0
    const ask = () => {
      fetchRoster(establishmentId, planId, { signal: abort.signal }).then(
        (plan) => {
          setState({ plan, error: null, isOffline: false })
          if (isAtWork(plan)) timer = window.setTimeout(ask, pollEvery)
        },
        (error: unknown) => {
          if (isAbort(error)) return
          setState((before) => {
            const isOffline = before.plan !== null && isAtWork(before.plan) && ['network', 'unavailable'].includes(errorCode(error))
            return isOffline ? { ...before, isOffline } : { ...before, error }
          })
          timer = window.setTimeout(ask, retryAfter)
        },
      )
    }
    ask()
    return () => {
      abort.abort()
      window.clearTimeout(timer)
    }
  }, [establishmentId, planId, round])
  const reload = useCallback(() => {
    setRound((before) => before + 1)
  }, [])
  return { ...state, reload }
}

export function isAtWork({ state }: RosterPlan): boolean {
  return state === 'applying' || state === 'undoing'
}
