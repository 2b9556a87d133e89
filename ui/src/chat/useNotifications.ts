import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { readNotificationChoice } from '../lib/notificationChoice'
import type { Conversation, Id, Message } from '../protocol'
import { fullName } from './conversations'

/** Tells of a new message while the page isn't on the screen; never of muted conversations. */
export function useNotifications(
  heard: Message[],
  conversations: Record<Id, Conversation>,
  onOpen: (conversationId: Id) => void,
): void {
  const { t } = useTranslation()
  const newest = heard.at(-1)
  const told = useRef(newest?.id ?? 0)
  const tell = useEffectEvent((message: Message) => {
    const choice = readNotificationChoice()
    const conversation = conversations[message.conversation_id]
    if (choice === 'off' || !document.hidden || !conversation || conversation.muted) return
    const sender = conversation.participants.find((user) => user.id === message.sender_id)
    const isDiscreet = choice === 'discreet'
    void show({
      title: isDiscreet || !sender ? t('profile.newMessage') : fullName(sender),
      body: isDiscreet ? '' : message.content.slice(0, 200),
      conversationId: message.conversation_id,
      onOpen,
    })
  })
  useEffect(() => {
    if (!newest || newest.id <= told.current) return
    told.current = newest.id
    tell(newest)
  }, [newest])
}

interface Notice {
  title: string
  body: string
  conversationId: Id
  onOpen: (conversationId: Id) => void
}

async function show({ title, body, conversationId, onOpen }: Notice): Promise<void> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  // One notification per conversation, also when several tabs tell of the same message.
  const options = { body, tag: `conversation-${conversationId}`, icon: '/icons/icon-192.png', data: { path: `/c/${conversationId}` } }
  const worker = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined
  // Phones only show what a service worker shows; it opens the conversation, too (pwa/worker.ts).
  if (worker?.active) return worker.showNotification(title, options)
  const notification = new Notification(title, options)
  notification.onclick = () => {
    window.focus()
    onOpen(conversationId)
    notification.close()
  }
}
