import { X } from 'lucide-react'
import { addLaterTexts } from '../../i18n/later'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation, Id } from '../../protocol/resources'
import { conversationName, othersOf } from '../state/conversations'

addLaterTexts()

/** How many days back, at most. */
const periods = { any: null, week: 7, month: 30, year: 365 } as const
export type Period = keyof typeof periods

/** What is chosen beside the conversation. */
export interface Choice {
  period: Period
  senderId: Id | null
  has: 'attachment' | 'link' | undefined
}

/** The midnight with which a period begins; null for any time. */
export function startOf(period: Period, today: Date): string | null {
  const days = periods[period]
  return days === null ? null : new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).toISOString()
}

interface FindFiltersProps {
  userId: Id
  /** The only conversation that is searched; null for all. */
  within: { id: Id; conversation: Conversation | undefined } | null
  /** The open conversation. */
  shownId: Id | undefined
  choice: Choice
  onWithin: (conversationId: Id | null) => void
  onChoice: (choice: Choice) => void
}

export function FindFilters({ userId, within, shownId, choice, onWithin, onChoice }: FindFiltersProps) {
  const { t } = useTranslation()
  const people = within?.conversation ? othersOf(within.conversation, userId) : []
  return (
    <div className="find-filters" role="group" aria-label={t('find.filters')}>
      {within ? (
        <Within within={within} userId={userId} onAll={() => { onWithin(null) }} />
      ) : (
        shownId && (
          <button type="button" className="find-filter" onClick={() => { onWithin(shownId) }}>
            {t('find.here')}
          </button>
        )
      )}
      <select
        className="find-filter"
        aria-label={t('find.sender')}
        value={choice.senderId ?? ''}
        onChange={({ target }) => {
          onChoice({ ...choice, senderId: Number(target.value) || null })
        }}
      >
        <option value="">{t('find.anybody')}</option>
        <option value={userId}>{t('find.me')}</option>
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {fullName(person)}
          </option>
        ))}
      </select>
      <select
        className="find-filter"
        aria-label={t('find.period')}
        value={choice.period}
        onChange={({ target }) => {
          onChoice({ ...choice, period: target.value as Period })
        }}
      >
        {(Object.keys(periods) as Period[]).map((period) => (
          <option key={period} value={period}>
            {t(`find.since.${period}`)}
          </option>
        ))}
      </select>
      {(['attachment', 'link'] as const).map((has) => (
        <button
          key={has}
          type="button"
          className="find-filter"
          aria-pressed={choice.has === has}
          onClick={() => {
            onChoice({ ...choice, has: choice.has === has ? undefined : has })
          }}
        >
          {t(`find.${has}`)}
        </button>
      ))}
    </div>
  )
}

/** Says which conversation is searched, and returns to all. */
function Within({ within, userId, onAll }: { within: NonNullable<FindFiltersProps['within']>; userId: Id; onAll: () => void }) {
  const { t } = useTranslation()
  const { conversation } = within
  const name = (conversation && conversationName(conversation, userId)) || t('chat.emptyGroup')
  return (
    <button type="button" className="find-filter is-on" aria-label={t('find.leave', { name })} title={t('find.leave', { name })} onClick={onAll}>
      <span dir="auto">{name}</span>
      <X size={14} aria-hidden="true" />
    </button>
  )
}
