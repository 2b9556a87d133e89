import { useEffect } from 'react'
import { onStoredElsewhere, readStored, writeStored } from '../lib/storage'

const tokenKey = 'messagerie.token'
const emailKey = 'messagerie.email'

// The one in use; a browser that keeps nothing has no other place for it.
let token = ''

export function currentToken(): string {
  return token
}

/** What an earlier page, or another tab, has left. */
export function restoreToken(): string {
  token = readStored(tokenKey) ?? ''
  return token
}

export function storeToken(next: string): void {
  token = next
  writeStored(tokenKey, next)
}

/** Only who leaves is forgotten: an expired token stays, for a reload to say that it has expired. */
export function forgetToken(): void {
  storeToken('')
  storeEmail('')
}

/** Whose token it is: after a reload the log-in page knows to whom to say that it has expired. */
export function storeEmail(email: string): void {
  writeStored(emailKey, email)
}

export function storedEmail(): string {
  return readStored(emailKey) ?? ''
}

/** One browser, one session: hears that another tab logged in, or out. The token in use follows. */
export function useOtherTabs(onChange: (isLoggedIn: boolean) => void): void {
  useEffect(
    () =>
      onStoredElsewhere((key, value) => {
        if (key !== tokenKey && key !== null) return
        token = value ?? ''
        onChange(token !== '')
      }),
    [onChange],
  )
}
