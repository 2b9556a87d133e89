import type { TFunction } from 'i18next'
import { useEffect, useEffectEvent, useRef } from 'react'
import { fullName } from '../../i18n/personName'
import type { Language } from '../../i18n/i18n'
import { useTranslation } from '../../i18n/useTranslation'
import { excerpt } from '../../lib/text'
import { type NotificationChoice, readNotificationChoice } from '../../lib/notificationChoice'
import type { Conversation, Id } from '../../protocol/resources'
import { loadSummary } from '../files/parts'
import { conversationName, participantOf } from '../state/conversations'
import type { ChatState, Missed, News } from '../state/chatState'
import type { Notice } from './notices'

/** Loaded on demand, because it isn't needed to show a conversation. */
export const loadNotices = () => import('./notices')

/** Checked before that is loaded: most people never turn them on. */
const mayShow = () => 'Notification' in window && Notification.permission === 'granted'

async function withNotices(work: (notices: typeof import('./notices')) => Promise<void>): Promise<void> {
  if (mayShow()) await loadNotices().then(work, () => undefined)
}

/**
 * Shows notifications for messages that arrive while the page is hidden, of urgent ones only while the user is left in
 * peace, and closes them once they are read.
 */
export function useNotifications(
  { heard, conversations, userId }: Pick<ChatState, 'heard' | 'conversations' | 'userId'>,
  isResting: boolean,
  onOpen: (conversationId: Id) => void,
): void {
  const { t, i18n } = useTranslation()
  const told = useRef(heard)
  const tell = useEffectEvent((news: News) => {
    const choice = readNotificationChoice()
    if (choice === 'off' || !document.hidden) return
    const all = news.kind === 'missed' ? news.missed : [{ conversationId: news.message.conversation_id, count: 1, last: news.message }]
    for (const missed of all) {
      const conversation = conversations[missed.conversationId]
      if (conversation && (!isResting || missed.last.urgent)) {
        const notice = noticeOf(t, missed, conversation, userId, choice)
        const files = choice === 'discreet' ? [] : missed.last.attachments ?? []
        void withNotices(async ({ showNotice }) => {
          if (!notice.body && files.length > 0) notice.body = (await loadSummary()).summaryOf(i18n.language as Language, files)
          await showNotice(notice, onOpen)
        })
      }
    }
  })
  useEffect(() => {
    const before = told.current
    told.current = heard
    for (const news of heard) if (!before.includes(news)) tell(news)
  }, [heard])

  const unread = Object.values(conversations).filter((one) => one.unread_count > 0).map((one) => one.conversation_id).sort().join()
  const closeRead = useEffectEvent(() => {
    void withNotices(({ closeNotices }) => closeNotices((id) => conversations[id]?.unread_count === 0))
  })
  useEffect(() => {
    closeRead()
  }, [unread])
}

function noticeOf(t: TFunction, { count, last }: Missed, conversation: Conversation, userId: Id, choice: NotificationChoice): Notice {
  const id = { conversationId: conversation.conversation_id, messageId: last.id }
  const number = count === 1 ? t('profile.newMessage') : t('message.newCount', { count })
  if (choice === 'discreet') return { ...id, title: number, body: '' }
  const place = conversationName(conversation, userId) || number
  if (count > 1 || last.sender_id === 0) return { ...id, title: place, body: number }
  const sender = participantOf(conversation, last.sender_id)
  return { ...id, title: sender ? fullName(sender) : place, body: excerpt(last.content, 200) }
}
