import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, Id } from '../protocol'

/** "(3) Messages" in the tab: what is unread where notifications aren't off. */
export function useUnreadTitle(conversations: Record<Id, Conversation>): void {
  const { t } = useTranslation()
  const unread = Object.values(conversations).reduce((sum, one) => sum + (one.muted ? 0 : one.unread_count), 0)
  const title = unread > 0 ? t('chat.messagesUnread', { count: unread }) : t('chat.messages')
  useEffect(() => {
    document.title = title
  }, [title])
}
