import { ArrowDown, LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useMemo, useState } from 'react'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import { dayText } from '../../i18n/time'
import { lazily } from '../../lib/lazily'
import type { ConversationEvent } from '../../protocol/events'
import type { Conversation, Id, Scheduled } from '../../protocol/resources'
import { composerField } from '../composer/composerField'
import type { Beyond } from '../state/thread'
import type { Outgoing } from '../state/chatState'
import { isAlone, receiptOf } from '../state/conversations'
import { readPlace, storePlace } from '../state/readingPlace'
import type { Wanted } from '../state/useWanted'
import { MessageRow, type RowContext } from './MessageRow'
import { messageRows } from './messageRows'
import { useMessageScroll } from './useMessageScroll'
import { RowTabIndex, useRowFocus } from './useRowFocus'

/** While one scrolls up. */
const FloatingDay = lazily(() => import('./FloatingDay').then((module) => module.FloatingDay))
const EventLine = lazily(() => import('./EventLine').then((module) => module.EventLine))
const MessageTools = lazily(() => import('./MessageTools').then((module) => module.MessageTools))

/** The position of a row in the whole list, and how it is measured. */
interface RowPlace {
  ref: (row: HTMLElement | null) => void
  'data-index': number
}

export interface MessageListProps extends RowContext {
  outgoing: Outgoing[]
  /** The message to show in its place; null for none. */
  wanted: Wanted | null
  /** What isn't delivered yet, and how it is shown. */
  scheduled?: readonly Scheduled[]
  renderScheduled?: (scheduled: Scheduled) => ReactNode
  /** What happened in the group. */
  events?: readonly ConversationEvent[]
  onOlder: () => void
  onNewer: () => void
  /** Jumps to the newest messages if they aren't loaded. */
  onLatest: () => void
  /** Tries again to load the newest messages. */
  onReload: () => void
  onAtEnd: (isAtEnd: boolean) => void
}

export function MessageList({ scheduled, renderScheduled, events, ...props }: MessageListProps) {
  const { userId, conversation, thread, outgoing, onOlder, onNewer } = props
  const { t } = useTranslation()
  const readTo = useReadTo(conversation, userId)
  const hasNewer = thread.newer.status !== 'end'
  const hasOlder = thread.older.status !== 'end'
  // Days begin at other messages in another time zone.
  const zone = useToday().getTimezoneOffset()
  const rows = useMemo(
    () => messageRows(thread.messages, outgoing, { userId, hasOlder, hasNewer, readTo, scheduled, events }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- dates are of a zone
    [thread.messages, outgoing, scheduled, events, userId, hasNewer, hasOlder, readTo, zone],
  )
  const [leftAt] = useState(() => readPlace(userId, conversation.conversation_id))
  const { list, focused, stopWithin, onFocus, onKeyDown } = useRowFocus(rows)
  const { scroller, items, room, sight, measure, isAtEnd, onScroll, toEnd, toMessage } = useMessageScroll({
    rows,
    kept: focused,
    lastWritten: outgoing.at(-1)?.sequence ?? 0,
    older: thread.older.status,
    newer: thread.newer.status,
    leftAt,
    wanted: props.wanted,
    onLeave: (place) => {
      storePlace(userId, conversation.conversation_id, place)
    },
    onTop: onOlder,
    onBottom: onNewer,
  })

  const stop = stopWithin(sight)
  const isSettled = useSettled()

  const reportAtEnd = useEffectEvent(props.onAtEnd)
  // In the commit that shows the button: a message that arrives in between would count as seen.
  useLayoutEffect(() => {
    reportAtEnd(isAtEnd)
  }, [isAtEnd])

  const rowAt = (index: number) => {
    const row = rows[index]
    switch (row?.kind) {
      case undefined:
        return null
      case 'day':
        return <DaySeparator place={{ ref: measure, 'data-index': index }} date={row.date} />
      case 'unread':
        return <UnreadSeparator place={{ ref: measure, 'data-index': index }} />
      case 'gap':
        return (
          <li ref={measure} data-index={index} className="gap">
            <More beyond={thread.newer} label={t('message.newer')} onPress={onNewer} />
          </li>
        )
      case 'event':
        return (
          <li ref={measure} data-index={index}>
            <EventLine event={row.event} userId={userId} />
          </li>
        )
      case 'scheduled':
        return (
          <li ref={measure} data-index={index} className="message is-own is-first">
            {renderScheduled?.(row.scheduled)}
          </li>
        )
      case 'message':
      case 'outgoing':
        return <MessageRow measure={measure} index={index} row={row} onQuote={toMessage} {...props} />
    }
  }

  return (
    <div className="messages">
      {/* Scrollable by keyboard: focusable itself if no message in it is. */}
      <div className="messages-scroll" ref={scroller} onScroll={onScroll} tabIndex={stop === -1 ? 0 : -1} role="region" aria-label={t('message.list')}>
        <div className="messages-content">
          <div className="messages-top">
            <Top thread={thread} start={rows.length > 0 ? 'message.start' : conversation.can_write === false ? 'list.noMessage' : 'message.none'} onOlder={onOlder} onReload={props.onReload} />
          </div>
          {/* The keys are handled for the buttons in it. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <ol
            ref={list}
            aria-label={t('chat.messages')}
            // Keeps its height while rows are replaced: otherwise the browser would clamp the scroll position in between.
            style={{ minHeight: room.total, paddingBlock: `${room.before}px ${room.after}px` }}
            onFocus={onFocus}
            onKeyDown={onKeyDown}
          >
            {items.map(({ index, key, start }, place) => (
              <RowTabIndex key={key} value={index === stop ? undefined : -1}>
                <Room height={start - (items[place - 1]?.end ?? start)} />
                {rowAt(index)}
              </RowTabIndex>
            ))}
          </ol>
        </div>
      </div>
      {!isAtEnd && sight && <FloatingDay row={rows[sight.startIndex]} scroller={scroller} />}
      {isSettled && (
        <MessageTools
          list={list}
          messages={thread.messages}
          mayReply={conversation.can_write !== false && !isAlone(conversation, userId)}
          mayReact={conversation.can_react === true}
          onAction={props.onAction}
        />
      )}
      {!isAtEnd && (
        <ToEnd
          count={conversation.unread_count}
          onPress={() => {
            if (hasNewer) props.onLatest()
            toEnd()
            // The button is removed: move the focus on.
            const target = composerField() ?? scroller.current
            target?.focus()
          }}
        />
      )}
    </div>
  )
}

/** False until the messages have been there for a moment: what only helps with them is loaded after them. */
function useSettled(): boolean {
  const [isSettled, setIsSettled] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(setIsSettled, 500, true)
    return () => {
      window.clearTimeout(timer)
    }
  }, [])
  return isSettled
}

/** The last read message when the conversation was opened: the line stays there while reading on. Null for no line. */
function useReadTo(conversation: Conversation, userId: Id): Id | null {
  const isUnread = conversation.unread_count > 0
  // From the first render on, because that determines where the list opens.
  const [line, setLine] = useState(() => ({ isUnread, readTo: isUnread ? receiptOf(conversation, userId).last_read : null }))
  if (isUnread !== line.isUnread) setLine({ isUnread, readTo: isUnread ? receiptOf(conversation, userId).last_read : line.readTo })
  return line.readTo
}

interface TopProps extends Pick<MessageListProps, 'thread' | 'onOlder' | 'onReload'> {
  /** What is said where the conversation begins. */
  start: 'message.start' | 'message.none' | 'list.noMessage'
}

function Top({ thread, start, onOlder, onReload }: TopProps) {
  const { t } = useTranslation()
  // Below are messages that arrived or were written before the conversation could be loaded.
  if (thread.load.status === 'failed') return <LoadFailed onRetry={onReload} />
  if (thread.load.status !== 'loading' && thread.older.status === 'end') return <span>{t(start)}</span>
  return <More beyond={thread.load.status === 'loading' ? thread.load : thread.older} label={t('message.older')} onPress={onOlder} />
}

/** Shown in place of messages that aren't loaded. */
function More({ beyond, label, onPress }: { beyond: Beyond; label: string; onPress: () => void }) {
  const { t } = useTranslation()
  switch (beyond.status) {
    case 'loading':
      return (
        <span className="messages-loading">
          <LoaderCircle className="spinner" size={18} aria-hidden="true" />
          <span className="visually-hidden">{t('message.loading')}</span>
        </span>
      )
    case 'failed':
      return <LoadFailed onRetry={onPress} />
    default:
      return (
        // Scrolling near it loads them, so the Tab key skips it.
        <button type="button" className="text-button" tabIndex={-1} onClick={onPress}>
          {label}
        </button>
      )
  }
}

function LoadFailed({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <span>
      {t('message.loadFailed')}{' '}
      <button type="button" className="text-button" onClick={onRetry}>
        {t('app.retry')}
      </button>
    </span>
  )
}

/** The space of the rows between two rendered ones; usually there are none. */
function Room({ height }: { height: number }) {
  return height > 0 && <li aria-hidden="true" style={{ height }} />
}

function DaySeparator({ place, date }: { place: RowPlace; date: Date }) {
  const { t, i18n } = useTranslation()
  const today = useToday()
  const words = { today: t('message.today'), yesterday: t('message.yesterday') }
  return (
    <li className="day" {...place}>
      <span>{dayText(i18n.language, date, today, words)}</span>
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

/** Shown while scrolled up. */
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
