import { readStored, writeStored } from './storage'

/** What this device shows of a new message while the page isn't on the screen. */
export const notificationChoices = ['off', 'discreet', 'on'] as const
export type NotificationChoice = (typeof notificationChoices)[number]

const storageKey = 'messagerie.notifications'

export function readNotificationChoice(): NotificationChoice {
  const stored = readStored(storageKey)
  return notificationChoices.find((choice) => choice === stored) ?? 'off'
}

export function storeNotificationChoice(choice: NotificationChoice): void {
  writeStored(storageKey, choice === 'off' ? null : choice)
}
