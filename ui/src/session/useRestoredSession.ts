import { type Dispatch, useCallback, useEffect, useRef } from 'react'
import { ApiError } from '../actions/apiCall'
import { configureConnection, type SessionEnd } from '../actions/connection'
import { fetchMe } from '../actions/sessionAction'
import type { Session, SessionEvent } from './sessionReducer'
import { currentToken, isLeaving, isOfSamePerson, restoreToken, useOtherTabs } from './token'

/**
 * Goes on with the session that an earlier page left, follows the other tabs and hears when the server no longer
 * accepts the token. Returns a function that tries again to restore the session.
 */
export function useRestoredSession(session: Session, dispatch: Dispatch<SessionEvent>, isReplacing: () => boolean): () => void {
  const untilDecided = useDecision(session)

  /** Fetches whose token it is; a 401 has ended the session by itself. Ignored when the person logs out meanwhile. */
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
        // The old token dies before the new one is here: that is no end.
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
        // Hides the previous person's words at once, however long the server takes to say who it is now.
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
