import { useCallback, useReducer } from 'react'
import type { Me } from '../protocol/resources'
import { type Session, sessionReducer } from './sessionReducer'
import { type LogInCommands, useLogIn } from './useLogIn'
import { useRestoredSession } from './useRestoredSession'
import { type Device, useTidyDevice } from './useTidyDevice'
import { useTokenExpiry } from './useTokenExpiry'
import { useTokenRefresh } from './useTokenRefresh'
import { type TokenCommands, useTokenReplacement } from './useTokenReplacement'

export interface SessionHandle extends LogInCommands, TokenCommands {
  session: Session
  /** Applies changes of the caller that were saved on the server, or that this device knows. */
  changeMe: (fields: Partial<Me>) => void
  /** Retries to restore the session after the server didn't respond. */
  retry: () => void
}

/** Who is logged in on this device, in all its tabs. The token survives a reload; drafts survive an expired session. */
export function useSession(device: Device): SessionHandle {
  const [session, dispatch] = useReducer(sessionReducer, { status: 'restoring' })
  const untilTidy = useTidyDevice(session, device)
  const { isReplacing, changePassword, signOutOthers } = useTokenReplacement(dispatch)
  const retry = useRestoredSession(session, dispatch, isReplacing)
  useTokenRefresh(session)
  useTokenExpiry(session, dispatch)
  const logIns = useLogIn(device, session.status === 'active', dispatch, untilTidy)
  const changeMe = useCallback((fields: Partial<Me>) => {
    dispatch({ type: 'changed', fields })
  }, [])
  return { session, ...logIns, retry, changePassword, signOutOthers, changeMe }
}
