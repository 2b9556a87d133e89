import { type Dispatch, useCallback, useRef } from 'react'
import { announceToken } from '../actions/connection'
import { changePassword, signOutEverywhere } from '../actions/profileAction'
import { fetchMe } from '../actions/sessionAction'
import type { Me } from '../protocol/resources'
import type { SessionEvent } from './sessionReducer'
import { currentToken, isOfSamePerson, storeToken } from './token'

export interface TokenCommands {
  /** Rejects with an ApiError when it is refused; this device stays logged in, with a new token. */
  changePassword: (me: Me, current: string, password: string) => Promise<void>
  /** Likewise. */
  signOutOthers: (me: Me) => Promise<void>
}

interface TokenReplacement extends TokenCommands {
  /** The old token may be void already, and the new one hasn't arrived yet. */
  isReplacing: () => boolean
}

/** The actions that void all other tokens of the person. */
export function useTokenReplacement(dispatch: Dispatch<SessionEvent>): TokenReplacement {
  const isUnderWay = useRef(false)
  const isReplacing = useCallback(() => isUnderWay.current, [])
  const replaceToken = useCallback(async (me: Me, replace: () => Promise<string>) => {
    const before = currentToken()
    isUnderWay.current = true
    const replaced = replace().finally(() => {
      isUnderWay.current = false
    })
    try {
      const fresh = await replaced
      if (!isOfSamePerson(before)) return
      storeToken(fresh)
    } catch (error) {
      // The old one may be void by now: a request finds out.
      fetchMe().catch(() => undefined)
      throw error
    }
    announceToken()
    dispatch({ type: 'entered', me })
  }, [dispatch])
  const changeOwnPassword = useCallback(
    (me: Me, current: string, password: string) =>
      replaceToken({ ...me, temporary_password: false }, () => changePassword(current, password)),
    [replaceToken],
  )
  const signOutOthers = useCallback((me: Me) => replaceToken(me, signOutEverywhere), [replaceToken])
  return { isReplacing, changePassword: changeOwnPassword, signOutOthers }
}
