import { useCallback, useEffect, useReducer } from 'react'
import { ApiError } from '../actions/apiCall'
import { configureConnection, type SessionEnd } from '../actions/connection'
import { fetchMe, login, refreshSession } from '../actions/sessionAction'
import { readStored, writeStored } from '../lib/storage'
import { type Session, sessionReducer } from './sessionReducer'

const tokenKey = 'messagerie.token'
const refreshEvery = 6 * 3_600_000

export interface SessionHandle {
  session: Session
  /** Rejects with an ApiError when the login is refused. */
  logIn: (identity: string, password: string) => Promise<void>
  logOut: () => void
  /** Tries again to restore the session that the server didn't answer for. */
  retry: () => void
}

// The token in use: what the storage holds may be another tab's, of another account.
let token = ''

function storeToken(next: string): void {
  token = next
  writeStored(tokenKey, next)
}

/** Who is logged in on this device. The token outlives a reload; drafts outlive the session. */
export function useSession(): SessionHandle {
  const [session, dispatch] = useReducer(sessionReducer, { status: 'restoring' })

  const restore = useCallback(() => {
    token = readStored(tokenKey) ?? ''
    if (!token) {
      dispatch({ type: 'ended', reason: null })
      return
    }
    dispatch({ type: 'restoring' })
    fetchMe().then(
      (me) => {
        dispatch({ type: 'entered', me })
      },
      (error: unknown) => {
        // A 401 has ended the session already; anything else may pass.
        if (error instanceof ApiError && error.status === 401) return
        const isDisabled = error instanceof ApiError && error.status === 403
        dispatch(isDisabled ? { type: 'ended', reason: 'disabled' } : { type: 'unreachable' })
      },
    )
  }, [])

  useEffect(() => {
    configureConnection({
      getToken: () => token,
      onSessionEnd: (reason: SessionEnd) => {
        storeToken('')
        dispatch({ type: 'ended', reason })
      },
    })
    restore()
  }, [restore])

  const isActive = session.status === 'active'
  useEffect(() => {
    if (!isActive) return
    const refresh = () => {
      const before = token
      refreshSession().then(
        (fresh) => {
          // Who logged out meanwhile stays logged out.
          if (token === before) storeToken(fresh)
        },
        () => undefined,
      )
    }
    refresh()
    const timer = window.setInterval(refresh, refreshEvery)
    return () => {
      window.clearInterval(timer)
    }
  }, [isActive])

  const logIn = useCallback(async (identity: string, password: string) => {
    storeToken(await login(identity, password))
    dispatch({ type: 'entered', me: await fetchMe() })
  }, [])
  const logOut = useCallback(() => {
    storeToken('')
    dispatch({ type: 'ended', reason: null })
  }, [])

  return { session, logIn, logOut, retry: restore }
}
