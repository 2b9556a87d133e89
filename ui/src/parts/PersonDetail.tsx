import { personDescription } from '../i18n/personDescription'
import { useTranslation } from '../i18n/useTranslation'
import type { User } from '../protocol/resources'

/** Who a person is, in one line; the title has what was left out. */
export function PersonDescription({ person }: { person: User }) {
  useTranslation()
  return <bdi title={personDescription(person, true)}>{personDescription(person)}</bdi>
}

/** Who a person is, and their address: in one line if there is room, else below each other. */
export function PersonDetail({ person }: { person: User }) {
  return (
    <span className="conversation-role person-detail">
      <span>
        <span>
          <PersonDescription person={person} />
        </span>
        {person.email && (
          <span>
            <bdi title={person.email}>{person.email}</bdi>
          </span>
        )}
      </span>
    </span>
  )
}
