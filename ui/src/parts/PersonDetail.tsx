import { useTranslation } from '../i18n/useTranslation'
import type { User } from '../protocol/resources'

/** A person's role and address; an address that is too long is cut at its end. */
export function PersonDetail({ person }: { person: User }) {
  const { t } = useTranslation()
  return (
    <span className="conversation-role">
      <span>
        {t(`role.${person.role}`)}
        {person.email && ' · '}
      </span>
      {person.email && <bdi title={person.email}>{person.email}</bdi>}
    </span>
  )
}
