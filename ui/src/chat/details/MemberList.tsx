import { LoaderCircle, Search, UserMinus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { nameAmong } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { indexOf, matcherOf } from '../../lib/searchText'
import { Avatar } from '../../parts/Avatar'
import { PersonDetail } from '../../parts/PersonDetail'
import { RetryAlert } from '../../parts/RetryAlert'
import type { Conversation, Id, User } from '../../protocol/resources'
import type { Members } from '../state/useMembers'

addLaterTexts()

interface MemberListProps {
  conversation: Conversation
  /** Whether all of them are loaded. */
  members: Members
  userId: Id
  onShow: (person: User) => void
  /** Absent if nobody can be removed, as from a direct conversation. */
  onRemove?: (person: User) => void
}

/** Longer lists get a search field. */
const searchedFrom = 20
/** More are shown on demand: the largest groups have thousands. */
const shownAtOnce = 100

export function MemberList({ conversation, members, userId, onShow, onRemove }: MemberListProps) {
  const { t, i18n } = useTranslation()
  const { participants, participant_count: count, managed_by: manager } = conversation
  const [query, setQuery] = useState('')
  const [most, setMost] = useState(shownAtOnce)
  const sorted = useMemo(() => byName(participants, i18n.language), [participants, i18n.language])
  const matches = matcherOf(query)
  const found = query.trim() ? sorted.filter((person) => matches(indexOf(fullName(person)))) : sorted

  return (
    <section className="members">
      <h3>
        {t('details.members')} · {count}
      </h3>
      {count > searchedFrom && (
        <div className="search" role="search">
          <Search size={16} aria-hidden="true" />
          <input
            type="search"
            aria-label={t('details.search')}
            placeholder={t('details.searchHint')}
            autoComplete="off"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value)
              setMost(shownAtOnce)
            }}
          />
        </div>
      )}
      <ul aria-label={t('details.members')}>
        {found.slice(0, most).map((person) => (
          <Member
            key={person.id}
            person={person}
            people={participants}
            onShow={onShow}
            isYou={person.id === userId}
            isManager={person.id === manager}
            {...(onRemove && person.id !== userId ? { onRemove } : {})}
          />
        ))}
      </ul>
      {found.length > most && (
        <button
          type="button"
          className="text-button"
          onClick={() => {
            setMost(most + shownAtOnce)
          }}
        >
          {t('details.showMore')}
        </button>
      )}
      <p className="members-note" role="status">
        {query.trim() && (found.length === 0 && members.status === 'whole' ? t('create.none') : t('create.count', { count: found.length }))}
        {members.status === 'loading' && (
          <>
            <LoaderCircle className="spinner" size={16} aria-hidden="true" /> {t('details.membersLoading')}
          </>
        )}
      </p>
      {members.status === 'failed' && (
        <RetryAlert text={`${t('details.membersFailed')} ${errorText(t, members.code)}`} onRetry={members.retry} />
      )}
    </section>
  )
}

interface MemberProps {
  person: User
  /** Everybody in the group. */
  people: User[]
  onShow: (person: User) => void
  isYou: boolean
  isManager: boolean
  onRemove?: (person: User) => void
}

function Member({ person, people, onShow, isYou, isManager, onRemove }: MemberProps) {
  const { t } = useTranslation()
  const name = fullName(person)
  return (
    <li className="member">
      <button
        type="button"
        className="member-person"
        aria-haspopup="dialog"
        onClick={() => {
          onShow(person)
        }}
      >
        <Avatar id={person.id} name={name} />
        <span className="conversation-body">
          <span className="conversation-name">
            <bdi>{name}</bdi> {isYou && t('details.you')}
          </span>
          <PersonDetail person={person} />
          {isManager && <span className="member-manager">{t('details.manager')}</span>}
        </span>
      </button>
      {onRemove && (
        <button
          type="button"
          className="icon-button"
          aria-label={t('details.remove', { name: nameAmong(person, people) })}
          title={t('details.remove', { name: nameAmong(person, people) })}
          onClick={() => {
            onRemove(person)
          }}
        >
          <UserMinus size={18} aria-hidden="true" />
        </button>
      )}
    </li>
  )
}

/** Sorted by family name, as in a class list. */
function byName(people: readonly User[], language: string): User[] {
  const { compare } = new Intl.Collator(language)
  return [...people].sort((a, b) => compare(a.last_name, b.last_name) || compare(a.first_name, b.first_name) || a.id - b.id)
}
