import { UserMinus } from 'lucide-react'
import { useTranslation } from '../i18n/useTranslation'
import type { Id, User } from '../protocol'
import { Avatar } from './Avatar'
import { fullName } from './conversations'
import { PersonDetail } from './PersonDetail'

interface MemberListProps {
  people: User[]
  userId: Id
  /** Absent where nobody can be removed, as from a direct conversation. */
  onRemove?: (person: User) => void
}

export function MemberList({ people, userId, onRemove }: MemberListProps) {
  const { t } = useTranslation()
  return (
    <section className="members">
      <h3>
        {t('details.members')} · {people.length}
      </h3>
      <ul aria-label={t('details.members')}>
        {people.map((person) => {
          const name = fullName(person)
          return (
            <li key={person.id} className="member">
              <Avatar id={person.id} name={name} />
              <span className="conversation-body">
                <span className="conversation-name">
                  <bdi>{name}</bdi> {person.id === userId && t('details.you')}
                </span>
                <PersonDetail person={person} />
              </span>
              {onRemove && person.id !== userId && (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t('details.remove', { name })}
                  title={t('details.remove', { name })}
                  onClick={() => {
                    onRemove(person)
                  }}
                >
                  <UserMinus size={18} aria-hidden="true" />
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
