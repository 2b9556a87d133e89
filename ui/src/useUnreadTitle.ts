import { useEffect } from 'react'
import { useTranslation } from './i18n/useTranslation'

/** "(3) Messages" in the tab, 3 on the installed icon. */
export function useUnreadTitle(unread: number): void {
  const { t } = useTranslation()
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
