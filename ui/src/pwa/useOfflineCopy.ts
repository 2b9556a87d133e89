import { useEffect, useEffectEvent } from 'react'
import { currentConnection } from '../actions/connection'
import { fetchConversations, fetchMessages } from '../actions/messagerieAction'
import { fetchMe } from '../actions/sessionAction'
import type { Id } from '../protocol/resources'

/**
 * Requests again what a reload without a network has to show: sockets bypass the service worker, and its cache only has
 * responses. It does so when a session starts and when the page is left; while the session has expired, nothing is
 * cached.
 */
export function useOfflineCopy(userId: Id, conversationId: Id | null, isActive: boolean): void {
  const copy = useEffectEvent(() => {
    // Without a token the person has just logged out.
    if (!navigator.serviceWorker.controller || !currentConnection().getToken()) return
    const wanted = [fetchMe(), fetchConversations(userId), ...(conversationId === null ? [] : [fetchMessages(conversationId)])]
    for (const response of wanted) response.catch(() => undefined)
  })
  useEffect(() => {
    if (!isActive || !('serviceWorker' in navigator)) return
    const copyWhenHidden = () => {
      if (document.hidden) copy()
    }
    copy()
    const worker = navigator.serviceWorker
    worker.addEventListener('controllerchange', copy)
    document.addEventListener('visibilitychange', copyWhenHidden)
    return () => {
      worker.removeEventListener('controllerchange', copy)
      document.removeEventListener('visibilitychange', copyWhenHidden)
    }
  }, [isActive])
}
