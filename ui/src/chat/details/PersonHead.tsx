import { personDescription } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { Avatar } from '../../parts/Avatar'
import type { User } from '../../protocol/resources'

/** A person's name, unless the title has it, with all of who they are. */
export function PersonHead({ person, isNamed = false }: { person: User; isNamed?: boolean }) {
  useTranslation()
  const name = fullName(person)
  return (
    <div className="details-head">
      <Avatar id={person.id} name={name} />
      <div className="details-name">
        {!isNamed && <p dir="auto">{name}</p>}
        <p className="details-who" dir="auto">
          {personDescription(person, true)}
        </p>
      </div>
    </div>
  )
}
