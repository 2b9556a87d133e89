import { type Dispatch, useCallback, useRef } from 'react'
import { ApiError } from '../actions/apiCall'
import { signOutThisDevice } from '../actions/deviceAction'
import { fetchMe, login } from '../actions/sessionAction'
import { personOf } from '../lib/claims'
import { replacePath } from '../lib/route'
import type { Me } from '../protocol/resources'
import { identityOf } from './identity'
import { UnsentOfAnother } from './loginError'
import type { SessionEvent } from './sessionReducer'
import { currentToken, forgetToken, isOfSamePerson, sessionOwner, storeToken } from './token'
import type { Device } from './useTidyDevice'

export interface LogInCommands {
  /**
   * Rejects with an ApiError if the log-in is refused, and with UnsentOfAnother if it would erase unsent texts of
   * somebody else's expired session, unless that is wanted.
   */
  logIn: (identity: string, password: string, erasesUnsent?: boolean) => Promise<void>
  /** The same with a token that the server has given for something else, such as an access code. */
  enter: (token: string, password: string, erasesUnsent?: boolean) => Promise<void>
  /** Continues an expired session of the same person. Rejects with an ApiError. */
  resume: (me: Me, password: string) => Promise<void>
  /** Removes everything from this device; unsent texts must have been confirmed before. */
  logOut: () => void
  /** Has the server void the token of a log-out. Only once its page is gone, whose socket would connect again with it. */
  afterLeaving: () => void
}

/**
 * Logging in with a password, at first or after the session has expired, and logging out. The token of a session that
 * isn't active is void already.
 */
export function useLogIn(device: Device, isActive: boolean, dispatch: Dispatch<SessionEvent>, untilTidy: () => Promise<void>): LogInCommands {
  const enterWith = useCallback(async (token: string, password: string) => {
    storeToken(token)
    const me = await fetchMe()
    if (isOfSamePerson(token)) dispatch({ type: 'entered', me, ...(me.temporary_password ? { typed: password } : {}) })
  }, [dispatch])
  const enter = useCallback(
    async (token: string, password: string, erasesUnsent = false) => {
      await untilTidy()
      const before = sessionOwner()
      if (before !== null && before !== personOf(token)) {
        const unsent = erasesUnsent ? 0 : await device.countUnsent(before)
        if (unsent > 0) throw new UnsentOfAnother(unsent)
        await device.keepOnly(() => null)
        replacePath('/')
      }
      await enterWith(token, password)
    },
    [device, enterWith, untilTidy],
  )
  const logIn = useCallback(
    async (identity: string, password: string, erasesUnsent?: boolean) => {
      await enter(await login(identity, password), password, erasesUnsent)
    },
    [enter],
  )
  const resume = useCallback(
    async (me: Me, password: string) => {
      try {
        await enterWith(await login(identityOf(me), password), password)
      } catch (error) {
        if (error instanceof ApiError && error.status === 403) dispatch({ type: 'ended', reason: 'disabled' })
        throw error
      }
    },
    [enterWith, dispatch],
  )
  const leaving = useRef('')
  const logOut = useCallback(() => {
    if (isActive) leaving.current = currentToken()
    forgetToken()
    dispatch({ type: 'ended', reason: 'left' })
  }, [isActive, dispatch])
  const afterLeaving = useCallback(() => {
    if (leaving.current) signOutThisDevice(leaving.current)
    leaving.current = ''
  }, [])
  return { logIn, enter, resume, logOut, afterLeaving }
}
