import { useEffect } from 'react'
import { announceToken } from '../actions/connection'
import { refreshSession } from '../actions/sessionAction'
import { identityOf } from './identity'
import type { Session } from './sessionReducer'
import { currentToken, storeIdentity, storeToken } from './token'

const refreshEvery = 6 * 3_600_000

/** Renews the token while somebody is logged in, and stores what they log in with for the log-in page. */
export function useTokenRefresh(session: Session): void {
  const { status } = session
  useEffect(() => {
    if (status !== 'active') return
    announceToken()
    const refresh = () => {
      const before = currentToken()
      refreshSession().then(
        (fresh) => {
          // After a log-out in the meantime the person stays logged out.
          if (currentToken() === before) storeToken(fresh)
        },
        () => undefined,
      )
    }
    refresh()
    const timer = window.setInterval(refresh, refreshEvery)
    return () => {
      window.clearInterval(timer)
    }
  }, [status])

  const identity = status === 'active' ? identityOf(session.me) : null
  useEffect(() => {
    if (identity !== null) storeIdentity(identity)
  }, [identity])
}
