import { useEffect } from 'react'
import { useTranslation } from '../i18n/useTranslation'

/** "(3) Messages" in the tab, 3 on the installed icon; neither while the session has expired. */
export function useUnreadTitle(count: number, isActive: boolean): void {
  const { t } = useTranslation()
  const unread = isActive ? count : 0
  const title = !isActive ? t('session.expired') : unread > 0 ? t('chat.messagesUnread', { count: unread }) : t('chat.messages')
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
