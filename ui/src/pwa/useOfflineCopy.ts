import { useEffect, useEffectEvent } from 'react'
import { fetchConversations, fetchMessages } from '../actions/messagerieAction'
import { fetchMe } from '../actions/sessionAction'
import type { Id } from '../protocol'

/**
 * Asks once more for what a reload without a network has to show: sockets pass the service
 * worker by, and its copy is made of answers. When a session starts, and when the page goes;
 * while it has expired, the device keeps nothing.
 */
export function useOfflineCopy(userId: Id, selectedId: Id | null, isActive: boolean): void {
  const copy = useEffectEvent(() => {
    if (!navigator.serviceWorker.controller) return
    const wanted = [fetchMe(), fetchConversations(userId), ...(selectedId === null || selectedId < 0 ? [] : [fetchMessages(selectedId)])]
    for (const answer of wanted) answer.catch(() => undefined)
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
