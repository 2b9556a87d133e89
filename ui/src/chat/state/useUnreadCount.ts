import { useEffect, useEffectEvent } from 'react'
import type { Conversation, Id } from '../../protocol/resources'

/** Reports the number of unread messages, without muted conversations. */
export function useUnreadCount(conversations: Record<Id, Conversation>, onUnread?: (count: number) => void): void {
  const unread = Object.values(conversations).reduce((sum, one) => sum + (one.muted ? 0 : one.unread_count), 0)
  const report = useEffectEvent((count: number) => onUnread?.(count))
  useEffect(() => {
    report(unread)
  }, [unread])
}
