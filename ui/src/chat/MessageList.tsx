import { ArrowDown, LoaderCircle } from 'lucide-react'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayText } from '../i18n/time'
import type { Conversation, Id, Message } from '../protocol'
import type { Outgoing, Thread } from './chatState'
import type { MessageAction } from './MessageMenu'
import { MessageRow } from './MessageRow'
import { messageRows } from './messageRows'
import { showMessage } from './showMessage'
import { useMessageScroll } from './useMessageScroll'

export interface MessageListProps {
  userId: Id
  conversation: Conversation
  thread: Thread
  outgoing: Outgoing[]
  onOlder: () => void
  /** Tries again to load the newest messages. */
  onReload: () => void
  onAtEnd: (isAtEnd: boolean) => void
  onAction: (message: Message, action: MessageAction) => void
  onRetry: (clientId: string) => void
  onRewrite: (clientId: string) => void
}

export function MessageList(props: MessageListProps) {
  const { userId, thread, outgoing, onOlder } = props
  const { t } = useTranslation()
  const rows = useMemo(() => messageRows(thread.messages, outgoing, userId), [thread.messages, outgoing, userId])
  const canLoad = thread.older.status === 'more'
  const lastOwnKey = outgoing.at(-1)?.clientId ?? ''
  const { scroller, content, isAtEnd, onScroll, toEnd } = useMessageScroll(rows[1]?.key ?? '', lastOwnKey, () => {
    if (canLoad) onOlder()
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
        <ol className="messages-content" ref={content} aria-label={t('chat.messages')}>
          <li className="messages-top">
            <Top thread={thread} isEmpty={rows.length === 0} onOlder={onOlder} onReload={props.onReload} />
          </li>
          {rows.map((row) =>
            row.kind === 'day' ? <DaySeparator key={row.key} date={row.date} /> : <MessageRow key={row.key} row={row} onQuote={showMessage} {...props} />,
          )}
        </ol>
      </div>
      {!isAtEnd && <ToEnd newestId={thread.messages.at(-1)?.id ?? 0} onPress={toEnd} />}
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

function DaySeparator({ date }: { date: Date }) {
  const { t, i18n } = useTranslation()
  const words = { today: t('message.today'), yesterday: t('message.yesterday') }
  return (
    <li className="day">
      <span>{dayText(i18n.language, date, new Date(), words)}</span>
    </li>
  )
}

/** Mounted while one reads further up: what is newer than then is new. */
function ToEnd({ newestId, onPress }: { newestId: Id; onPress: () => void }) {
  const { t } = useTranslation()
  const [seenId] = useState(newestId)
  const hasNew = newestId > seenId
  return (
    <button type="button" className={`to-end${hasNew ? ' has-new' : ''}`} aria-label={hasNew ? undefined : t('message.toEnd')} onClick={onPress}>
      <ArrowDown size={18} aria-hidden="true" />
      {hasNew && t('message.newBelow')}
    </button>
  )
}
