import type { TFunction } from 'i18next'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { type NotificationChoice, readNotificationChoice } from '../lib/notificationChoice'
import type { Conversation, Id, Message } from '../protocol'
import { conversationName, fullName } from './conversations'
import type { Missed, News } from './news'
import { type Notice, closeNotices, showNotice } from './notices'

/** Tells of what comes in while the page isn't on the screen, and takes it back once it is read. */
export function useNotifications(heard: News[], conversations: Record<Id, Conversation>, userId: Id, onOpen: (conversationId: Id) => void): void {
  const { t } = useTranslation()
  const told = useRef(heard)
  const tell = useEffectEvent((news: News) => {
    const choice = readNotificationChoice()
    if (choice === 'off' || !document.hidden) return
    const all = news.kind === 'missed' ? news.missed : [{ conversationId: news.message.conversation_id, count: 1, last: news.message }]
    for (const missed of all) {
      const conversation = conversations[missed.conversationId]
      if (conversation) void showNotice(noticeOf(t, missed, conversation, userId, choice), onOpen)
    }
  })
  useEffect(() => {
    const before = told.current
    told.current = heard
    for (const news of heard) if (!before.includes(news)) tell(news)
  }, [heard])

  const unread = Object.values(conversations).filter((one) => one.unread_count > 0).map((one) => one.conversation_id).sort().join()
  const closeRead = useEffectEvent(() => {
    void closeNotices((id) => conversations[id]?.unread_count === 0)
  })
  useEffect(() => {
    closeRead()
  }, [unread])
}

function noticeOf(t: TFunction, { count, last }: Missed, conversation: Conversation, userId: Id, choice: NotificationChoice): Notice {
  const id = { conversationId: conversation.conversation_id, messageId: last.id }
  const number = count === 1 ? t('profile.newMessage') : t('message.newCount', { count })
  if (choice === 'discreet') return { ...id, title: number, body: '' }
  const sender = senderOf(conversation, last)
  if (count === 1 && sender) return { ...id, title: fullName(sender), body: last.content.slice(0, 200) }
  return { ...id, title: conversationName(conversation, userId) || number, body: number }
}

function senderOf({ participants }: Conversation, { sender_id: sender }: Message) {
  return participants.find((user) => user.id === sender)
}
