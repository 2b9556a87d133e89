import { type Dispatch, useEffect } from 'react'
import { ApiError } from '../actions/apiCall'
import { fetchMe } from '../actions/sessionAction'
import { expiryOf } from '../lib/claims'
import type { Session, SessionEvent } from './sessionReducer'
import { currentToken } from './token'

/** Timers are suspended with the machine, and the token may be renewed in another tab. */
const checkEvery = 60_000

/**
 * Ends the session once the token has expired, also without a network: whoever finds the device then can't read what
 * was open. The server decides if it can be reached, because the clock of the device may be wrong.
 */
export function useTokenExpiry({ status }: Session, dispatch: Dispatch<SessionEvent>): void {
  useEffect(() => {
    if (status !== 'active') return
    let isAsking = false
    const check = () => {
      const token = currentToken()
      const expiry = expiryOf(token)
      if (isAsking || expiry === null || Date.now() < expiry) return
      isAsking = true
      fetchMe()
        .catch((error: unknown) => {
          // A 401 has ended it already.
          const isOffline = error instanceof ApiError && error.code === 'network'
          if (isOffline && currentToken() === token) dispatch({ type: 'ended', reason: 'expired' })
        })
        .finally(() => {
          isAsking = false
        })
    }
    check()
    const timer = window.setInterval(check, checkEvery)
    document.addEventListener('visibilitychange', check)
    return () => {
      window.clearInterval(timer)
      document.removeEventListener('visibilitychange', check)
    }
  }, [status, dispatch])
}
