import { useCallback, useEffect, useReducer, useRef } from 'react'
import { ApiError } from '../actions/apiCall'
import { announceToken, configureConnection, type SessionEnd } from '../actions/connection'
import { changePassword, signOutEverywhere } from '../actions/profileAction'
import { fetchMe, login, refreshSession } from '../actions/sessionAction'
import { forgetReading } from '../lib/keptReading'
import type { Me } from '../protocol'
import { type Session, sessionReducer } from './sessionReducer'
import { currentToken, forgetToken, restoreToken, storeEmail, storeToken, useOtherTabs } from './token'

const refreshEvery = 6 * 3_600_000

export interface SessionHandle {
  session: Session
  /** Rejects with an ApiError when the login is refused. */
  logIn: (identity: string, password: string) => Promise<void>
  /** Likewise: the same person goes on after the session has expired. */
  resume: (me: Me, password: string) => Promise<void>
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

/** Who is logged in on this device, in all its tabs. The token outlives a reload; drafts outlive the session. */
export function useSession(): SessionHandle {
  const [session, dispatch] = useReducer(sessionReducer, { status: 'restoring' })
  const { status } = session
  const isReplacing = useRef(false)
  const untilDecided = useDecision(session)

  /** Asks who the token's person is; a 401 has ended the session by itself. */
  const enter = useCallback((onFailure: () => void) => {
    fetchMe().then(
      (me) => {
        dispatch({ type: 'entered', me })
      },
      (error: unknown) => {
        const code = error instanceof ApiError ? error.status : 0
        if (code === 403) dispatch({ type: 'ended', reason: 'disabled' })
        else if (code !== 401) onFailure()
      },
    )
  }, [])
  const restore = useCallback(() => {
    if (!restoreToken()) {
      dispatch({ type: 'ended', reason: null })
      return
    }
    dispatch({ type: 'restoring' })
    enter(() => {
      dispatch({ type: 'unreachable' })
    })
  }, [enter])

  useEffect(() => {
    configureConnection({
      getToken: currentToken,
      onSessionEnd: (reason: SessionEnd) => {
        // The old token dies before the new one is here: that is no end.
        if (isReplacing.current) return
        dispatch({ type: 'ended', reason })
        return untilDecided()
      },
    })
    restore()
  }, [restore, untilDecided])
  useOtherTabs(
    useCallback((isLoggedIn: boolean) => {
      if (isLoggedIn) enter(() => undefined)
      else dispatch({ type: 'ended', reason: null })
    }, [enter]),
  )

  useEffect(() => {
    // Whom the server doesn't let in any more has nothing to read here, whoever sits there.
    if (status === 'expired' || status === 'ended') void forgetReading()
    if (status !== 'active') return
    announceToken()
    const refresh = () => {
      const before = currentToken()
      refreshSession().then(
        (fresh) => {
          // Who logged out meanwhile stays logged out.
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

  const email = status === 'active' ? session.me.email : null
  useEffect(() => {
    if (email !== null) storeEmail(email)
  }, [email])

  const logInAs = useCallback(async (identity: string, password: string) => {
    storeToken(await login(identity, password))
    const me = await fetchMe()
    dispatch({ type: 'entered', me, ...(me.temporary_password ? { typed: password } : {}) })
  }, [])
  const logIn = useCallback(
    async (identity: string, password: string) => {
      await forgetReading()
      await logInAs(identity, password)
    },
    [logInAs],
  )
  const resume = useCallback(
    (me: Me, password: string) =>
      logInAs(me.email, password).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 403) dispatch({ type: 'ended', reason: 'disabled' })
        throw error
      }),
    [logInAs],
  )
  const logOut = useCallback(() => {
    forgetToken()
    dispatch({ type: 'ended', reason: null })
  }, [])

  const replaceToken = useCallback(async (me: Me, replace: () => Promise<string>) => {
    isReplacing.current = true
    try {
      storeToken(await replace())
    } catch (error) {
      isReplacing.current = false
      // The old one may be dead by now, and nobody heard.
      fetchMe().catch(() => undefined)
      throw error
    }
    isReplacing.current = false
    announceToken()
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

  return { session, logIn, resume, logOut, retry: restore, changePassword: changeOwnPassword, signOutOthers, changeMe }
}

/** For a request that was refused in the middle of a session: waits until it is clear how that goes on. */
function useDecision(session: Session): () => Promise<void> | undefined {
  const waiting = useRef<(() => void)[]>([])
  const isAtWork = useRef(false)
  useEffect(() => {
    isAtWork.current = session.status === 'active' || session.status === 'expired'
    if (session.status !== 'expired') for (const go of waiting.current.splice(0)) go()
  }, [session])
  return useCallback(
    () =>
      isAtWork.current
        ? new Promise<void>((resolve) => {
            waiting.current.push(resolve)
          })
        : undefined,
    [],
  )
}
