import { useCallback, useEffect, useRef, useState } from 'react'
import type { Id } from '../../protocol/resources'

export interface SendingTurn {
  /** Whether it is this tab that sends. */
  isOurs: boolean
  /** Takes the turn from the tab that has it: somebody writes here. */
  take: () => void
}

/**
 * Of several tabs with a link one sends what waits. Only tabs with a link ask for the turn, so
 * that none keeps it without being able to use it. Where the browser has no locks (plain http)
 * every tab sends: the server stores a client_id once.
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
      // A request that steals can't be withdrawn; it has no need to be.
      locks.request(`messagerie.outbox.${userId}`, steal ? { steal } : { signal: abort.signal }, held).catch(() => {
        if (abort.signal.aborted) return
        setHasLock(false)
        // Stolen by a tab in which somebody writes: the turn comes back when that one is closed.
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

/** Null where there are none: on plain http, and on a server that renders. */
function lockManager(): LockManager | null {
  return (globalThis as { navigator?: Partial<Navigator> }).navigator?.locks ?? null
}
