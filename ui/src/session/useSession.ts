import { useCallback, useEffect, useReducer, useRef } from 'react'
import { ApiError } from '../actions/apiCall'
import { configureConnection, type SessionEnd } from '../actions/connection'
import { changePassword, signOutEverywhere } from '../actions/profileAction'
import { fetchMe, login, refreshSession } from '../actions/sessionAction'
import { forgetReading } from '../lib/keptReading'
import { readStored, writeStored } from '../lib/storage'
import type { Me } from '../protocol'
import { type Session, sessionReducer } from './sessionReducer'

const tokenKey = 'messagerie.token'
const refreshEvery = 6 * 3_600_000

export interface SessionHandle {
  session: Session
  /** Rejects with an ApiError when the login is refused. */
  logIn: (identity: string, password: string) => Promise<void>
  logOut: () => void
  /** Rejects with an ApiError when it is refused; this device stays in, with a new token. */
  changePassword: (me: Me, current: string, password: string) => Promise<void>
  /** Likewise. */
  signOutOthers: (me: Me) => Promise<void>
  /** What the server was told about the caller, or what this device knows better. */
  changeMe: (fields: Partial<Me>) => void
  /** Tries again to restore the session that the server didn't answer for. */
  retry: () => void
}

// The token in use: what the storage holds may be another tab's, of another account.
let token = ''

function storeToken(next: string): void {
  if (!next) void forgetReading()
  // Another tab's newer token isn't thrown away with ours.
  if (!next && readStored(tokenKey) !== token) {
    token = ''
    return
  }
  token = next
  writeStored(tokenKey, next)
}

/** Who is logged in on this device. The token outlives a reload; drafts outlive the session. */
export function useSession(): SessionHandle {
  const [session, dispatch] = useReducer(sessionReducer, { status: 'restoring' })
  const isReplacing = useRef(false)

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
        // The old token dies before the new one is here: that is no end.
        if (isReplacing.current) return
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
    await forgetReading()
    storeToken(await login(identity, password))
    const me = await fetchMe()
    dispatch({ type: 'entered', me, ...(me.temporary_password ? { typed: password } : {}) })
  }, [])
  const logOut = useCallback(() => {
    storeToken('')
    dispatch({ type: 'ended', reason: null })
  }, [])


  // The socket of the old token ends with what shows it, after the new one has come.
  useEffect(() => {
    isReplacing.current = false
  }, [session])
  const replaceToken = useCallback(async (me: Me, replace: () => Promise<string>) => {
    isReplacing.current = true
    try {
      storeToken(await replace())
    } catch (error) {
      isReplacing.current = false
      throw error
    }
    dispatch({ type: 'entered', me })
  }, [])
  const changeOwnPassword = useCallback(
    (me: Me, current: string, password: string) =>
      replaceToken({ ...me, temporary_password: false }, async () => {
        await changePassword(me.id, current, password)
        return login(me.email, password)
      }),
    [replaceToken],
  )
  const signOutOthers = useCallback((me: Me) => replaceToken(me, signOutEverywhere), [replaceToken])
  const changeMe = useCallback((fields: Partial<Me>) => {
    dispatch({ type: 'changed', fields })
  }, [])

  return { session, logIn, logOut, retry: restore, changePassword: changeOwnPassword, signOutOthers, changeMe }
}
