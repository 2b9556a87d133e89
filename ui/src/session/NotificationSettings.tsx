import { useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import {
  type NotificationChoice,
  notificationChoices,
  readNotificationChoice,
  storeNotificationChoice,
} from '../lib/notificationChoice'

addLaterTexts()

const labels = {
  off: 'profile.notificationsOff',
  discreet: 'profile.notificationsDiscreet',
  on: 'profile.notificationsOn',
} as const

/** Per device: notifications may be on for one's phone, but not on a shared computer. */
export function NotificationSettings() {
  const { t } = useTranslation()
  const [choice, setChoice] = useState(readNotificationChoice)
  const [isBlocked, setIsBlocked] = useState(choice !== 'off' && !mayNotify())
  const choose = async (next: NotificationChoice) => {
    const isAllowed = next === 'off' || mayNotify() || (await askToNotify())
    setIsBlocked(!isAllowed)
    const possible = isAllowed ? next : 'off'
    setChoice(possible)
    storeNotificationChoice(possible)
  }
  return (
    <fieldset className="profile-group">
      <legend>{t('profile.notifications')}</legend>
      <p className="field-hint">{t('profile.notificationsHint')}</p>
      {notificationChoices.map((one) => (
        <label key={one} className="option">
          <input
            type="radio"
            name="notifications"
            checked={choice === one}
            onChange={() => {
              void choose(one)
            }}
          />
          <span>{t(labels[one])}</span>
        </label>
      ))}
      <p className="field-warning" aria-live="polite">
        {isBlocked && t('profile.notificationsBlocked')}
      </p>
    </fieldset>
  )
}

function mayNotify(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}

async function askToNotify(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted'
}
