import { ArrowLeft } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { fetchClasses, fetchPeople } from '../../actions/directoryAction'
import { fetchMe } from '../../actions/sessionAction'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { useLayer } from '../../lib/layers'
import { type ClassSummary, type Id, type Me, type Role, roles, type User } from '../../protocol/resources'
import { ClassLines } from './ClassLines'
import { Loaded } from './Loaded'
import { PeopleLines } from './PeopleLines'
import { ReachNote } from './ReachNote'
import { reachIn } from './useReach'
import { type Load, useLoads } from './useLoads'

addLaterTexts()

interface DirectoryProps {
  establishmentId: Id
  chosen: readonly User[]
  onToggle: (person: User) => void
  /** Creates, or finds, the group of these people of a class. */
  onClassGroup: (of: ClassSummary, audience: Role[]) => void
}

/** What is open in it: a class, and people with a role, in that class or the whole school. */
interface Opened {
  of?: ClassSummary | undefined
  role?: Role | undefined
}

const classesKey = 'classes'
const peopleKey = ({ of, role }: Opened) => `${of?.id ?? 0}.${role ?? ''}`
const lineKey = ({ of, role }: Opened) => (role ? `role.${role}` : `class.${of?.id ?? 0}`)

/** A school's classes and roles, to walk through without typing. */
export function Directory({ establishmentId, chosen, onToggle, onClassGroup }: DirectoryProps) {
  const { t } = useTranslation()
  const [path, setPath] = useState<Opened[]>([])
  const [classes, loadClasses] = useLoads<ClassSummary>()
  const [people, loadPeople] = useLoads<User>()
  const { me, offered } = useMe(establishmentId)
  const parts = useRef<HTMLDivElement>(null)
  useMovedFocus(parts, path)

  const opened = path.at(-1) ?? {}
  const moreClasses = () => {
    loadClasses(classesKey, (page) => fetchClasses(establishmentId, { page }), classes[classesKey])
  }
  const morePeople = ({ of, role }: Opened) => {
    const key = peopleKey({ of, role })
    loadPeople(key, (page) => fetchPeople(establishmentId, { role, classId: of?.id }, { page }), people[key])
  }
  useEffect(moreClasses, [establishmentId]) // eslint-disable-line react-hooks/exhaustive-deps -- the first page, once
  const open = (next: Opened) => {
    setPath([...path, next])
    if (next.role && !people[peopleKey(next)]) morePeople(next)
  }

  return (
    <section ref={parts} className="directory" aria-label={t('directory.title')}>
      {path.length > 0 && (
        <Level
          title={titleOf(t, opened)}
          onBack={() => {
            setPath(path.slice(0, -1))
          }}
        />
      )}
      {path.length === 0 && (
        <>
          <h3>{t('directory.classes')}</h3>
          <Loaded load={classes[classesKey]} none={t('directory.noClasses')} more={t('directory.moreClasses')} onMore={moreClasses}>
            {(all) => (
              <ul>
                {all.map((of) => (
                  <Line key={of.id} name={of.name} detail={t('directory.students', { count: of.students })} line={lineKey({ of })} onOpen={() => { open({ of }) }} />
                ))}
              </ul>
            )}
          </Loaded>
          {Boolean(offered?.length) && <h3>{t('directory.roles')}</h3>}
          <ul>
            {offered?.map((role) => (
              <Line key={role} name={t(`directory.role.${role}`)} line={lineKey({ role })} onOpen={() => { open({ role }) }} />
            ))}
          </ul>
          {offered && offered.length < roles.length && <ReachNote establishmentId={establishmentId} />}
        </>
      )}
      {opened.of && !opened.role && (
        <ClassLines
          key={opened.of.id}
          of={opened.of}
          mayGather={mayGather(me, opened.of.id)}
          onOpen={(role) => {
            if (opened.of) open({ of: opened.of, role })
          }}
          onGroup={onClassGroup}
        />
      )}
      {opened.role && (
        <Loaded
          load={people[peopleKey(opened)]}
          none={t('directory.nobody')}
          more={t('directory.more')}
          onMore={() => {
            morePeople(opened)
          }}
        >
          {(found) => <PeopleLines people={found} chosen={chosen} onToggle={onToggle} />}
        </Loaded>
      )}
      {opened.role && isEmpty(people[peopleKey(opened)]) && <ReachNote establishmentId={establishmentId} />}
    </section>
  )
}

function isEmpty(load: Load<User> | undefined): boolean {
  return load?.progress.status === 'ready' && load.items.length === 0
}

type Translate = ReturnType<typeof useTranslation>['t']

function titleOf(t: Translate, { of, role }: Opened): string {
  if (!role) return of?.name ?? ''
  const name = t(`directory.role.${role}`)
  return of ? t('directory.inClass', { role: name, name: of.name }) : name
}

/**
 * The caller with their rights and classes, null until they are loaded or without a connection; and the roles in which
 * they find somebody. Families and pupils may be allowed to write to few: the others would lead to empty lists.
 */
function useMe(establishmentId: Id): { me: Me | null; offered: readonly Role[] | null } {
  const [me, setMe] = useState<Me | null>(null)
  const [offered, setOffered] = useState<readonly Role[] | null>(null)
  useEffect(() => {
    const load = async (): Promise<readonly Role[]> => {
      const loaded = await fetchMe()
      setMe(loaded)
      return loaded.role === 'student' || loaded.role === 'parent' ? reachIn(establishmentId) : roles
    }
    load().then(setOffered, () => {
      setOffered(roles)
    })
  }, [establishmentId])
  return { me, offered }
}

/** Groups of a class are created by those who work in it, and by the administration. */
function mayGather(me: Me | null, classId: Id): boolean {
  if (!me) return false
  return me.can?.administer === true || (me.role !== 'student' && (me.classes ?? []).some(({ id }) => id === classId))
}

/** Moves the focus to the heading of what was opened and, on the way back, to the line it was opened from. */
function useMovedFocus(parts: RefObject<HTMLElement | null>, path: readonly Opened[]): void {
  const before = useRef(path)
  useEffect(() => {
    const left = before.current.at(path.length)
    const deeper = path.length > before.current.length
    before.current = path
    if (deeper) parts.current?.querySelector<HTMLElement>('h3')?.focus()
    else if (left) parts.current?.querySelector<HTMLElement>(`[data-line="${lineKey(left)}"]`)?.focus()
  }, [parts, path])
}

/** Going back on a phone leaves one level, not the dialog. */
function Level({ title, onBack }: { title: string; onBack: () => void }) {
  const { t } = useTranslation()
  useLayer(onBack)
  return (
    <header className="directory-level">
      <button type="button" className="icon-button" aria-label={t('directory.back')} title={t('directory.back')} onClick={onBack}>
        <ArrowLeft size={20} aria-hidden="true" />
      </button>
      <h3 tabIndex={-1} dir="auto">
        {title}
      </h3>
    </header>
  )
}

interface LineProps {
  name: string
  detail?: string
  /** By which it gets the focus back. */
  line: string
  onOpen: () => void
}

function Line({ name, detail, line, onOpen }: LineProps) {
  return (
    <li>
      <button type="button" className="directory-line" data-line={line} onClick={onOpen}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        {detail && <span>{detail}</span>}
      </button>
    </li>
  )
}
