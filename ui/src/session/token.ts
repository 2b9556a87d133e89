import { useEffect } from 'react'
import { flushSync } from 'react-dom'
import { personOf } from '../lib/claims'
import { onStoredElsewhere, readStored, writeStored } from '../lib/storage'
import type { Id } from '../protocol/resources'

const tokenKey = 'messagerie.token'
const identityKey = 'messagerie.email'
const leavingKey = 'messagerie.leaving'
/** Where somebody who has logged in through a provider logs out there. */
export const logoutUrlKey = 'messagerie.logout'

// The current token, in memory for browsers without storage.
let token = ''

export function currentToken(): string {
  return token
}

/** Reads the token of an earlier page, or of another tab. */
export function restoreToken(): string {
  token = readStored(tokenKey) ?? ''
  return token
}

export function storeToken(next: string): void {
  token = next
  writeStored(tokenKey, next)
}

/** Only for logging out: an expired token stays, so that a reload can say that it has expired. */
export function forgetToken(): void {
  // Should the page be closed before everything is removed, the next one finishes the job.
  writeStored(leavingKey, 'yes')
  // Before the token, whose removal makes the other tabs show their log-in page: they must not find anything to fill in.
  storeIdentity('')
  storeToken('')
}

/** Whether somebody has logged out and not everything of theirs has been removed yet. */
export function isLeaving(): boolean {
  return readStored(leavingKey) !== null
}

export function finishLeaving(): void {
  writeStored(leavingKey, null)
}

/** Whether the session in use belongs to the person of a token. */
export function isOfSamePerson(token: string): boolean {
  return currentToken() !== '' && personOf(currentToken()) === personOf(token)
}

/** The owner of this browser's session, whichever tab began it, expired or not. */
export function sessionOwner(): Id | null {
  return personOf(readStored(tokenKey) ?? '')
}

/** What the owner of the token logs in with: after a reload the log-in page can say whose session has expired. */
export function storeIdentity(identity: string): void {
  writeStored(identityKey, identity)
}

export function storedIdentity(): string {
  return readStored(identityKey) ?? ''
}

/**
 * One browser, one session: `onChange` is called with the previous token when another tab has logged in or out; the
 * token in use follows. A page restored from the back/forward cache catches up before it is visible.
 */
export function useOtherTabs(onChange: (before: string) => void): void {
  useEffect(() => {
    const root = document.documentElement
    const follow = (next: string | null) => {
      const before = token
      token = next ?? ''
      if (token !== before) onChange(before)
    }
    const onPageHide = ({ persisted }: PageTransitionEvent) => {
      if (persisted) root.style.visibility = 'hidden'
    }
    const onPageShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      flushSync(() => {
        follow(readStored(tokenKey))
      })
      root.style.visibility = ''
    }
    // The event's value, not the stored one: somebody who logged out and in again has logged out.
    const unsubscribe = onStoredElsewhere((key, value) => {
      if (key === tokenKey || key === null) follow(value)
    })
    window.addEventListener('pagehide', onPageHide)
    window.addEventListener('pageshow', onPageShow)
    return () => {
      unsubscribe()
      window.removeEventListener('pagehide', onPageHide)
      window.removeEventListener('pageshow', onPageShow)
    }
  }, [onChange])
}
