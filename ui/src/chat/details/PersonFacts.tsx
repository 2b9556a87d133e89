import type { ReactNode } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { personDescription } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { Avatar } from '../../parts/Avatar'
import type { Id, SchoolClass, User } from '../../protocol/resources'
import type { SharedGroup } from './sharedGroups'

addLaterTexts()

interface PersonFactsProps {
  person: User
  shared: readonly SharedGroup[]
  onGroup: (id: Id) => void
}

/** A person's role, classes, children and address, and the groups that the user shares with them. */
export function PersonFacts({ person, shared, onGroup }: PersonFactsProps) {
  const { t } = useTranslation()
  const { role, email, classes = [], children = [] } = person
  return (
    <>
      <dl className="facts">
        <Fact name={t('personPanel.role')}>
          <dd>{t(`role.${role}`)}</dd>
        </Fact>
        {classes.length > 0 && (
          <Fact name={t('personPanel.classes')}>
            {classes.map((one) => (
              <dd key={one.id}>
                <bdi>{role !== 'student' && one.head ? t('personPanel.headOf', { name: one.name }) : one.name}</bdi>
              </dd>
            ))}
          </Fact>
        )}
        {children.length > 0 && (
          <Fact name={t('personPanel.children')}>
            {children.map((child) => (
              <dd key={child.id}>
                <bdi>{fullName({ ...child, email: '' })}</bdi>
                {child.classes && child.classes.length > 0 && <ClassesOf classes={child.classes} />}
              </dd>
            ))}
          </Fact>
        )}
        {email && (
          <Fact name={t('personPanel.email')}>
            <dd>
              <a href={`mailto:${email}`} dir="ltr">
                {email}
              </a>
            </dd>
          </Fact>
        )}
      </dl>
      {shared.length > 0 && (
        <section className="members">
          <h3>{t('personPanel.groups')}</h3>
          <ul aria-label={t('personPanel.groups')}>
            {shared.map(({ id, name }) => (
              <li key={id}>
                <button type="button" className="member is-button" onClick={() => { onGroup(id) }}>
                  <Avatar id={id} name="" isGroup size="small" />
                  <span className="conversation-name" dir="auto">{name || t('chat.emptyGroup')}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      {children}
    </div>
  )
}

/** Beside a child's name. */
function ClassesOf({ classes }: { classes: SchoolClass[] }) {
  return <span className="fact-detail">{personDescription({ role: 'student', classes }, true)}</span>
}
