import { useEffect, useEffectEvent, useRef } from 'react'
import type { ChatState } from './chatState'
import { isUnread, receiptOf } from './conversations'

/**
 * Reports the number of unread messages, without muted and archived conversations; one that is only marked as unread
 * counts as one. While the user is left in peace only urgent ones
 * are added to it.
 */
export function useUnreadCount({ conversations, heard, listCount, userId }: ChatState, isResting: boolean, onUnread?: (count: number) => void): void {
  const unread = Object.values(conversations).reduce((sum, one) => sum + (one.muted || one.archived || !isUnread(one) ? 0 : one.unread_count || 1), 0)
  const urgent = heard.filter((news) => {
    if (news.kind === 'missed' || !news.message.urgent) return false
    const conversation = conversations[news.message.conversation_id]
    return conversation !== undefined && receiptOf(conversation, userId).last_read < news.message.id
  }).length
  // The others, as many as there were when the peace began, or in the first list since; fewer once some are read.
  const others = useRef(Infinity)
  // A stored list is of an earlier day.
  const isKnown = listCount > 0
  const report = useEffectEvent((count: number) => onUnread?.(count))
  useEffect(() => {
    const count = Math.min(unread - urgent, isResting ? others.current : Infinity)
    others.current = isKnown ? count : Infinity
    report(count + urgent)
  }, [unread, urgent, isResting, isKnown])
}
