import { memo, type ReactNode, use } from 'react'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import { fullText, hourText } from '../../i18n/time'
import { directionOf, runsOf } from '../../lib/direction'
import { lazily } from '../../lib/lazily'
import { isFewEmoji } from '../../lib/text'
import { Avatar } from '../../parts/Avatar'
import { PlainText } from '../../parts/PlainText'
import type { Id, Message, Timestamp } from '../../protocol/resources'
import { FileSummary, type FileSummaryProps } from '../files/parts'
import { EditedMark } from './EditedMark'
import { MessageMenu } from './MessageMenu'
import type { MessageAction } from './MessageMenuPopup'
import { type BubbleState, MessageState } from './MessageState'
import { MessageText } from './MessageText'
import type { BubbleReactions } from './reactionNames'
import { RowTabIndex } from './useRowFocus'

/** Most messages have none. */
export const Reactions = lazily(() => import('./Reactions').then((module) => module.Reactions))

const MentionMark = lazily(() => import('./MentionMark').then((module) => module.MentionMark))

export interface Quote {
  /** Null if the quoted message isn't loaded. */
  messageId: Id | null
  name: string
  /** What a screen reader says before the text. */
  spoken: string
  text: string
  /** Stand for an empty text. */
  files?: FileSummaryProps['files'] | undefined
}

export interface MessageBubbleProps {
  /** The stored message; absent until the server has confirmed it. */
  message?: Message
  /** For a virtual list. */
  measure?: (row: HTMLElement | null) => void
  /** In the whole list. */
  index?: number
  content: string
  /** Its files. */
  media?: ReactNode
  timestamp: Timestamp
  /** Null for the user's own. */
  senderName: string | null
  /** Of the name, which is visible in groups, with an avatar; it is always there for screen readers. */
  colour?: string | undefined
  /** Who they are at the school, beside the name. */
  role?: string | undefined
  isFirst: boolean
  isLast: boolean
  isEdited: boolean
  isDeleted: boolean
  /** Delivered in spite of quiet hours. */
  isUrgent?: boolean | undefined
  /** It mentions the user. */
  isMention?: boolean
  /** The administration edited or deleted it, not its author. */
  isByAdministration?: boolean
  /** Null for messages of others. */
  state: BubbleState | null
  quote: Quote | null
  /** Those of people, and of the user. */
  reactions?: BubbleReactions | null
  /** The actions on a stored message. */
  actions?: readonly MessageAction[]
  onAction?: (message: Message, action: MessageAction) => void
  onQuote: (messageId: Id) => void
  /** Instead of the actions on a stored message. */
  menu?: ReactNode
  /** Shown below it: why it was refused, with buttons. */
  children?: ReactNode
}

/**
 * One message as an item of a list; `content` is shown as text with links. Memoised: a message that
 * arrives renders only its own bubble and, in a block, its neighbour's.
 */
export const MessageBubble = memo(function MessageBubble({ measure, index, ...props }: MessageBubbleProps) {
  const { message, content, timestamp, actions, onAction, senderName, colour, role, isFirst, isLast, isEdited, isDeleted, isByAdministration, state, quote } = props
  const { t, i18n } = useTranslation()
  // Its time depends on the time zone.
  useToday()
  const date = new Date(timestamp)
  const runs = isDeleted ? [] : runsOf(content)
  const isLarge = !isDeleted && !quote && !props.media && isFewEmoji(content)
  const place = `${isFirst ? ' is-first' : ''}${isLast ? ' is-last' : ''}${colour ? ' is-named' : ''}${isLarge ? ' is-large' : ''}`
  const showsName = colour && isFirst && senderName !== null
  return (
    <li
      ref={measure}
      data-index={index}
      className={`message ${senderName === null ? 'is-own' : 'is-other'}${place}`}
      data-state={state ?? undefined}
      data-message={message?.id}
    >
      {showsName && <Avatar id={0} name={senderName} colour={colour} size="small" />}
      <div className="message-line">
        <div className={`bubble${isDeleted ? ' is-deleted' : ''}${props.media && !isDeleted ? ' has-media' : ''}`} data-bare={content ? undefined : ''}>
          {senderName === null ? (
            <span className="visually-hidden">{t('message.fromYou')} </span>
          ) : showsName ? (
            <span className="bubble-who">
              <span className={`bubble-name ${colour}`} dir="auto">{senderName}</span>
              {role && <bdi className="bubble-role" title={role}>{role}</bdi>}
            </span>
          ) : (
            <span className="visually-hidden">{t('message.from', { name: senderName })} </span>
          )}
          {quote && <QuotedMessage quote={quote} onQuote={props.onQuote} />}
          {!isDeleted && props.media}
          {/* At the end of its last line there is space for the time. */}
          <div className="bubble-body" dir={runs.at(-1)?.direction ?? undefined}>
            {isDeleted ? <p className="bubble-text">{t(isByAdministration ? 'message.deletedByAdministration' : 'message.deleted')}</p> : <MessageText runs={runs} />}
            <span className="bubble-meta" dir={i18n.dir()}>
              {props.isUrgent && !isDeleted && <span className="bubble-urgent">{t('message.urgent')}</span>}
              {props.isMention && !isDeleted && <MentionMark />}
              {isEdited && !isDeleted && message && onAction && <EditedMark message={message} isByAdministration={isByAdministration === true} onAction={onAction} />}
              <time dateTime={timestamp} title={fullText(i18n.language, date)}>
                {hourText(i18n.language, date)}
              </time>
              {state && !isDeleted && <MessageState state={state} />}
            </span>
          </div>
        </div>
        {props.menu ??
          (message && actions && onAction && !isDeleted && (
            <MessageMenu
              message={message}
              senderName={senderName}
              actions={actions}
              reactions={props.reactions}
              onAction={(action) => {
                onAction(message, action)
              }}
            />
          ))}
      </div>
      {props.reactions && props.reactions.chips.length > 0 && <Reactions {...props.reactions} />}
      {props.children}
    </li>
  )
})

function QuotedMessage({ quote, onQuote }: { quote: Quote; onQuote: (messageId: Id) => void }) {
  const { t } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const { messageId } = quote
  if (messageId === null) return <blockquote className="quote">{quote.spoken}</blockquote>
  return (
    <blockquote className="quote">
      <button
        type="button"
        className="quote-button"
        tabIndex={tabIndex}
        title={t('message.toQuoted')}
        onClick={() => {
          onQuote(messageId)
        }}
      >
        <span className="visually-hidden">{quote.spoken} </span>
        <span className="quote-name" aria-hidden="true" dir="auto">
          {quote.name}
        </span>
        <span className="quote-text" dir={directionOf(quote.text) ?? undefined}>
          {!quote.text && quote.files?.length ? <FileSummary files={quote.files} /> : <PlainText text={quote.text} />}
        </span>
      </button>
    </blockquote>
  )
}
