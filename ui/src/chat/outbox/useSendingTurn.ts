import { useCallback, useEffect, useRef, useState } from 'react'
import type { Id } from '../../protocol/resources'

export interface SendingTurn {
  /** Whether this tab sends. */
  isOurs: boolean
  /** Takes over from the tab that sends, because somebody writes here. */
  take: () => void
}

/**
 * One of several tabs with a link sends waiting messages. Only tabs with a link request the lock, so that
 * no other tab holds it in vain. If the browser has no locks (plain http) every tab sends: the server
 * stores a client_id once.
 */
export function useSendingTurn(userId: Id, hasLink: boolean): SendingTurn {
  const locks = lockManager()
  const [hasLock, setHasLock] = useState(false)
  const request = useRef<((steal: boolean) => void) | null>(null)

  useEffect(() => {
    if (!locks || !hasLink) return
    const abort = new AbortController()
    let release: () => void = () => undefined
    const ask = (steal: boolean) => {
      const held = () =>
        new Promise<void>((resolve) => {
          if (abort.signal.aborted) {
            resolve()
            return
          }
          release = resolve
          setHasLock(true)
        })
      // A request that steals can't be aborted, and needn't be.
      locks.request(`messagerie.outbox.${userId}`, steal ? { steal } : { signal: abort.signal }, held).catch(() => {
        if (abort.signal.aborted) return
        setHasLock(false)
        // Stolen by a tab in which somebody writes: request it again, for when that tab is closed.
        ask(false)
      })
    }
    request.current = ask
    ask(false)
    return () => {
      request.current = null
      abort.abort()
      release()
      setHasLock(false)
    }
  }, [locks, userId, hasLink])

  const take = useCallback(() => {
    if (!hasLock) request.current?.(true)
  }, [hasLock])

  return { isOurs: hasLink && (hasLock || !locks), take }
}

/** Null if there are none: on plain http, and during server rendering. */
function lockManager(): LockManager | null {
  return (globalThis as { navigator?: Partial<Navigator> }).navigator?.locks ?? null
}
