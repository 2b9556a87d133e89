import { type Dispatch, useCallback, useEffect, useRef } from 'react'
import { ApiError } from '../actions/apiCall'
import { configureConnection, type SessionEnd } from '../actions/connection'
import { fetchMe } from '../actions/sessionAction'
import type { Session, SessionEvent } from './sessionReducer'
import { currentToken, isLeaving, isOfSamePerson, restoreToken, useOtherTabs } from './token'

/**
 * Restores the session of an earlier page, follows the other tabs, and ends the session when the server no longer
 * accepts the token. Returns a function that retries to restore the session.
 */
export function useRestoredSession(session: Session, dispatch: Dispatch<SessionEvent>, isReplacing: () => boolean): () => void {
  const untilDecided = useDecision(session)

  /** Fetches the owner of the token; a 401 ends the session by itself. The response is ignored after a log-out. */
  const enter = useCallback((onFailure: () => void) => {
    const token = currentToken()
    fetchMe().then(
      (me) => {
        if (isOfSamePerson(token)) dispatch({ type: 'entered', me })
      },
      (error: unknown) => {
        const code = error instanceof ApiError ? error.status : 0
        if (!isOfSamePerson(token)) return
        if (code === 403) dispatch({ type: 'ended', reason: 'disabled' })
        else if (code !== 401) onFailure()
      },
    )
  }, [dispatch])
  const restore = useCallback(() => {
    if (!restoreToken()) {
      dispatch({ type: 'ended', reason: isLeaving() ? 'left' : null })
      return
    }
    dispatch({ type: 'restoring' })
    enter(() => {
      dispatch({ type: 'unreachable' })
    })
  }, [dispatch, enter])

  useEffect(() => {
    configureConnection({
      getToken: currentToken,
      onSessionEnd: (reason: SessionEnd) => {
        // The old token is void before the new one arrives: that doesn't end the session.
        if (isReplacing()) return
        dispatch({ type: 'ended', reason })
        return untilDecided()
      },
    })
    restore()
  }, [restore, untilDecided, isReplacing, dispatch])
  useOtherTabs(
    useCallback(
      (before: string) => {
        // Hides the previous person's messages at once, however long the server takes to identify the new one.
        const isAnother = !isOfSamePerson(before)
        if (before && isAnother) dispatch({ type: 'ended', reason: 'left' })
        if (currentToken()) {
          enter(() => {
            if (isAnother) dispatch({ type: 'unreachable' })
          })
        }
      },
      [enter, dispatch],
    ),
  )
  return restore
}

/** For a request that was refused during a session: waits until it is clear whether that continues. */
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
