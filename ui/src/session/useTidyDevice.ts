import { useCallback, useEffect, useRef } from 'react'
import { startLanguage } from '../i18n/i18n'
import { leaveFor } from '../lib/leaveFor'
import { replacePath } from '../lib/route'
import { readStored } from '../lib/storage'
import type { Id } from '../protocol/resources'
import type { Session } from './sessionReducer'
import { finishLeaving, logoutUrlKey, sessionOwner } from './token'

/** The data stored on this device, apart from the session itself. */
export interface Device {
  /** Removes what doesn't belong to the owner, everything if there is none. A function, because another tab may log in at the same time. */
  keepOnly: (owner: () => Id | null) => Promise<void>
  /** Whose responses are cached for reading offline; null removes all that can be read without a password. */
  keepReadingOf: (reader: Id | null) => Promise<void>
  /** How many texts of a person haven't reached the server. */
  countUnsent: (userId: Id) => Promise<number>
}

/**
 * Removes what somebody has left behind. Each tab does this itself once its chat is unmounted, so that nothing is
 * stored afterwards. Returns a function whose promise resolves when it is done.
 */
export function useTidyDevice(session: Session, device: Device): () => Promise<void> {
  const tidying = useRef(Promise.resolve())
  const last = useRef<Id | null>(null)
  const { status } = session
  const hasLeft = status === 'ended' && session.reason === 'left'
  const person = status === 'active' || status === 'expired' ? session.me.id : null

  useEffect(() => {
    const isAnother = person !== null && last.current !== null && last.current !== person
    last.current = person ?? last.current
    if (!hasLeft && !isAnother) return
    replacePath('/')
    tidying.current = tidying.current.then(async () => {
      const logoutUrl = hasLeft && readStored(logoutUrlKey)
      await device.keepOnly(sessionOwner)
      finishLeaving()
      // The language was theirs as well.
      if (sessionOwner() !== null) return
      await startLanguage()
      if (logoutUrl) leaveFor(logoutUrl)
    })
  }, [hasLeft, person, device])
  useEffect(() => {
    // Nothing may be readable here without a session.
    if (status === 'expired' || status === 'ended') void device.keepReadingOf(null)
    else if (person !== null) void device.keepReadingOf(person)
  }, [status, person, device])
  return useCallback(() => tidying.current, [])
}
