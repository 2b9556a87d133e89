import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, Id } from '../protocol'

/** "(3) Messages" in the tab, 3 on the installed icon: what is unread where notifications aren't off. */
export function useUnreadTitle(conversations: Record<Id, Conversation>): void {
  const { t } = useTranslation()
  const unread = Object.values(conversations).reduce((sum, one) => sum + (one.muted ? 0 : one.unread_count), 0)
  const title = unread > 0 ? t('chat.messagesUnread', { count: unread }) : t('chat.messages')
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    setBadge(unread)
  }, [unread])
  useEffect(
    () => () => {
      setBadge(0)
    },
    [],
  )
}

/** Only an installed client has an icon, and not every browser a number on it. */
function setBadge(count: number): void {
  const { setAppBadge, clearAppBadge } = navigator as Partial<Navigator>
  const done = count > 0 ? setAppBadge?.call(navigator, count) : clearAppBadge?.call(navigator)
  done?.catch(() => undefined)
}
