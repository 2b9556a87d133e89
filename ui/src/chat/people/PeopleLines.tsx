import { fullName } from '../../i18n/personName'
import { Avatar } from '../../parts/Avatar'
import { PersonDetail } from '../../parts/PersonDetail'
import type { User } from '../../protocol/resources'

interface PeopleLinesProps {
  people: readonly User[]
  chosen: readonly User[]
  onToggle: (person: User) => void
}

/** People to be ticked. */
export function PeopleLines({ people, chosen, onToggle }: PeopleLinesProps) {
  return (
    <ul>
      {people.map((person) => (
        <li key={person.id}>
          <label className="directory-choice is-person">
            <input
              type="checkbox"
              checked={chosen.some(({ id }) => id === person.id)}
              onChange={() => {
                onToggle(person)
              }}
            />
            <Avatar id={person.id} name={fullName(person)} />
            <span className="conversation-body">
              <span className="conversation-name" dir="auto">{fullName(person)}</span>
              <PersonDetail person={person} />
            </span>
          </label>
        </li>
      ))}
    </ul>
  )
}
