import { Users } from 'lucide-react'
import { addLaterTexts } from '../i18n/later'
import { fullName } from '../i18n/personName'
import { useTranslation } from '../i18n/useTranslation'
import { Avatar } from '../parts/Avatar'
import { PaneHeading } from '../parts/PaneHeading'
import { PersonDescription } from '../parts/PersonDetail'
import type { Id, Me } from '../protocol/resources'
import { Tips } from './list/Tips'
import type { ChatState } from './state/chatState'
import { byActivity, othersOf } from './state/conversations'

addLaterTexts()

export interface HomePaneProps {
  state: ChatState
  me: Me | null
  onOpen: (conversationId: Id) => void
  /** Opens the directory, which begins with the classes. */
  onCreate: () => void
}

/** How many people are shown. */
const mostRecent = 6

/** Beside the list while nothing is open: the school, those one has written with, and the way to a class. */
export function HomePane({ state, me, onOpen, onCreate }: HomePaneProps) {
  const { t } = useTranslation()
  const { userId } = state
  if (state.list.status !== 'ready') return null
  const conversations = byActivity(Object.values(state.conversations))
  const recent = conversations.filter((one) => one.kind === 'direct' && one.last_message && !one.archived).flatMap((one) => {
    const [person] = othersOf(one, userId)
    return person ? [{ id: one.conversation_id, person }] : []
  })
  return (
    <>
      {me?.establishments.map(({ id, name }) => (
        <p key={id} className="home-school" dir="auto">{name}</p>
      ))}
      <PaneHeading>{t(conversations.length > 0 ? 'home.choose' : 'home.none')}</PaneHeading>
      {conversations.length === 0 && <span>{t('list.emptyHint')}</span>}
      {recent.length > 0 && (
        <ul className="home-people" aria-label={t('home.recent')}>
          {recent.slice(0, mostRecent).map(({ id, person }) => (
            <li key={id}>
              <button type="button" className="home-person" aria-label={t('home.write', { name: fullName(person) })} onClick={() => { onOpen(id) }}>
                <Avatar id={person.id} name={fullName(person)} />
                <span>
                  <strong dir="auto">{fullName(person)}</strong>
                  <PersonDescription person={person} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {mayWriteToClass(me) && (
        <button type="button" className="button" onClick={onCreate}>
          <Users size={18} aria-hidden="true" />
          {t('home.toClass')}
        </button>
      )}
      <Tips />
    </>
  )
}

/** As in the directory: those who work in one, and the administration. */
function mayWriteToClass(me: Me | null): boolean {
  return me !== null && (me.can?.administer === true || (me.role !== 'student' && (me.classes ?? []).length > 0))
}
