import { useCallback, useReducer } from 'react'
import type { Me } from '../protocol/resources'
import { type Session, sessionReducer } from './sessionReducer'
import { type LogInCommands, useLogIn } from './useLogIn'
import { useRestoredSession } from './useRestoredSession'
import { type Device, useTidyDevice } from './useTidyDevice'
import { useTokenRefresh } from './useTokenRefresh'
import { type TokenCommands, useTokenReplacement } from './useTokenReplacement'

export interface SessionHandle extends LogInCommands, TokenCommands {
  session: Session
  /** What the server was told about the caller, or what this device knows better. */
  changeMe: (fields: Partial<Me>) => void
  /** Tries again to restore the session that the server didn't answer for. */
  retry: () => void
}

/** Who is logged in on this device, in all its tabs. The token outlives a reload; drafts outlive an expired session. */
export function useSession(device: Device): SessionHandle {
  const [session, dispatch] = useReducer(sessionReducer, { status: 'restoring' })
  const untilTidy = useTidyDevice(session, device)
  const { isReplacing, changePassword, signOutOthers } = useTokenReplacement(dispatch)
  const retry = useRestoredSession(session, dispatch, isReplacing)
  useTokenRefresh(session)
  const { logIn, resume, logOut } = useLogIn(device, dispatch, untilTidy)
  const changeMe = useCallback((fields: Partial<Me>) => {
    dispatch({ type: 'changed', fields })
  }, [])
  return { session, logIn, resume, logOut, retry, changePassword, signOutOthers, changeMe }
}
