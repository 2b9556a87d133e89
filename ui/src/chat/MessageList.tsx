import { ArrowDown, LoaderCircle } from 'lucide-react'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { dayText } from '../i18n/time'
import type { Conversation, Id, Message } from '../protocol'
import type { Outgoing, Thread } from './chatState'
import { receiptOf } from './conversations'
import type { MessageAction } from './MessageMenu'
import { MessageRow } from './MessageRow'
import { messageRows } from './messageRows'
import { useMessageScroll } from './useMessageScroll'

/** Where a row stands in the whole list, and what measures it there. */
export interface RowPlace {
  ref: (row: HTMLElement | null) => void
  'data-index': number
}

export interface MessageListProps {
  userId: Id
  conversation: Conversation
  thread: Thread
  outgoing: Outgoing[]
  onOlder: () => void
  onNewer: () => void
  /** Leaps to the newest messages where they aren't among ours. */
  onLatest: () => void
  /** Tries again to load the newest messages. */
  onReload: () => void
  onAtEnd: (isAtEnd: boolean) => void
  onAction: (message: Message, action: MessageAction) => void
  onRetry: (clientId: string) => void
  onRewrite: (clientId: string) => void
}

export function MessageList(props: MessageListProps) {
  const { userId, conversation, thread, outgoing, onOlder, onNewer } = props
  const { t } = useTranslation()
  // Up to where one had read when one came: the line stays where it is while one reads on.
  const [readTo] = useState(() => (conversation.unread_count > 0 ? receiptOf(conversation, userId).last_read : null))
  const hasNewer = thread.newer.status !== 'end'
  const hasOlder = thread.older.status !== 'end'
  const rows = useMemo(
    // Ours stand at the end: not before what isn't loaded.
    () => messageRows(thread.messages, hasNewer ? [] : outgoing, { userId, hasOlder, readTo }),
    [thread.messages, outgoing, userId, hasNewer, hasOlder, readTo],
  )
  const lastOwnKey = outgoing.at(-1)?.clientId ?? ''
  const { scroller, items, room, measure, isAtEnd, onScroll, toEnd, toMessage } = useMessageScroll({
    rows,
    lastOwnKey,
    hasNewer,
    onTop: () => {
      if (thread.older.status === 'more') onOlder()
    },
    onBottom: () => {
      if (thread.newer.status === 'more') onNewer()
    },
  })

  const reportAtEnd = useEffectEvent(props.onAtEnd)
  useEffect(() => {
    reportAtEnd(isAtEnd)
  }, [isAtEnd])

  return (
    <div className="messages">
      {/* Scrolled by keys, so it takes the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="messages-scroll" ref={scroller} onScroll={onScroll} tabIndex={0} role="region" aria-label={t('message.list')}>
        <div className="messages-content">
          <div className="messages-top">
            <Top thread={thread} isEmpty={rows.length === 0} onOlder={onOlder} onReload={props.onReload} />
          </div>
          <ol aria-label={t('chat.messages')} style={{ paddingBlock: `${room.before}px ${room.after}px` }}>
            {items.map(({ index, key }) => {
              const row = rows[index]
              if (!row) return null
              if (row.kind === 'day') return <DaySeparator key={key} place={{ ref: measure, 'data-index': index }} date={row.date} />
              if (row.kind === 'unread') return <UnreadSeparator key={key} place={{ ref: measure, 'data-index': index }} />
              return <MessageRow key={key} measure={measure} index={index} row={row} onQuote={toMessage} {...props} />
            })}
          </ol>
        </div>
      </div>
      {!isAtEnd && (
        <ToEnd
          count={conversation.unread_count}
          onPress={() => {
            if (hasNewer) props.onLatest()
            toEnd()
          }}
        />
      )}
    </div>
  )
}

interface TopProps extends Pick<MessageListProps, 'thread' | 'onOlder' | 'onReload'> {
  isEmpty: boolean
}

function Top({ thread, isEmpty, onOlder, onReload }: TopProps) {
  const { t } = useTranslation()
  // Below stands what came or was written before the conversation could be loaded.
  if (thread.load.status === 'failed') {
    return (
      <span>
        {t('message.loadFailed')}{' '}
        <button type="button" className="text-button" onClick={onReload}>
          {t('app.retry')}
        </button>
      </span>
    )
  }
  switch (thread.load.status === 'loading' ? 'loading' : thread.older.status) {
    case 'loading':
      return (
        <span className="messages-loading">
          <LoaderCircle className="spinner" size={18} aria-hidden="true" />
          <span className="visually-hidden">{t('message.loading')}</span>
        </span>
      )
    case 'end':
      return <span>{t(isEmpty ? 'message.none' : 'message.start')}</span>
    default:
      return (
        <button type="button" className="text-button" onClick={onOlder}>
          {t('message.older')}
        </button>
      )
  }
}

function DaySeparator({ place, date }: { place: RowPlace; date: Date }) {
  const { t, i18n } = useTranslation()
  const words = { today: t('message.today'), yesterday: t('message.yesterday') }
  return (
    <li className="day" {...place}>
      <span>{dayText(i18n.language, date, new Date(), words)}</span>
    </li>
  )
}

function UnreadSeparator({ place }: { place: RowPlace }) {
  const { t } = useTranslation()
  return (
    <li className="unread-line" {...place}>
      <span>{t('message.unreadLine')}</span>
    </li>
  )
}

/** Shown while one reads further up. */
function ToEnd({ count, onPress }: { count: number; onPress: () => void }) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      className={`to-end${count > 0 ? ' has-new' : ''}`}
      aria-label={count > 0 ? t('message.newCount', { count }) : t('message.toEnd')}
      onClick={onPress}
    >
      <ArrowDown size={18} aria-hidden="true" />
      {count > 0 && <span>{t('message.newCount', { count })}</span>}
    </button>
  )
}
