import './event.css'
import type { Language } from '../../i18n/i18n'
import { eventText } from '../../i18n/message/eventText'
import { fullText, hourText } from '../../i18n/time'
import { useTranslation } from '../../i18n/useTranslation'
import type { ConversationEvent } from '../../protocol/events'
import type { Id } from '../../protocol/resources'

export interface EventLineProps {
  event: ConversationEvent
  userId: Id
}

/** What happened in a group, and when. */
export function EventLine({ event, userId }: EventLineProps) {
  const { i18n } = useTranslation()
  const date = new Date(event.timestamp)
  return (
    <span className="event-text">
      {eventText(i18n.language as Language, event, userId)}{' '}
      <time dateTime={event.timestamp} title={fullText(i18n.language, date)}>
        {hourText(i18n.language, date)}
      </time>
    </span>
  )
}
