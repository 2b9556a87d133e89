import { LogOut, School } from 'lucide-react'
import { useRef, useState } from 'react'
import type { TFunction } from 'i18next'
import { errorCode } from '../../actions/apiCall'
import { addLaterTexts } from '../../i18n/later'
import { nameAmong } from '../../i18n/personDescription'
import { useTranslation } from '../../i18n/useTranslation'
import { Avatar } from '../../parts/Avatar'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Modal } from '../../parts/Modal'
import type { Conversation, Id, User } from '../../protocol/resources'
import { AddPeople } from '../people/AddPeople'
import { directWith, othersOf } from '../state/conversations'
import { refusalText } from '../state/refusalText'
import type { ConversationCommands } from '../state/useConversations'
import type { Members } from '../state/useMembers'
import { ExportConversation } from './ExportConversation'
import { GroupTitle } from './GroupTitle'
import { ManagedBy } from './ManagedBy'
import { MemberList } from './MemberList'
import { OwnState } from './OwnState'
import { PersonFacts } from './PersonFacts'
import { PersonHead } from './PersonHead'
import { PersonPanel } from './PersonPanel'
import { PostingSwitch } from './PostingSwitch'
import { sharedGroups } from './sharedGroups'

addLaterTexts()

export interface ConversationDetailsProps {
  commands: ConversationCommands
  conversation: Conversation
  /** All that are loaded, for the groups that one shares with somebody. */
  conversations: Readonly<Record<Id, Conversation>>
  members: Members
  userId: Id
  name: string
  /** The user's. */
  establishmentIds?: readonly Id[] | undefined
  /** How many unsent messages would be lost by leaving. */
  unsent: number
  onLeft: () => void
  /** Marks it as unread, once it is closed. */
  onUnread: () => void
  onGroup: (id: Id) => void
  onWrite: (person: User) => void
  onClose: () => void
}

type Question = { kind: 'leave' } | { kind: 'remove'; person: User }
type Progress = { status: 'idle' } | { status: 'working' } | { status: 'failed'; reason: string }

/** Who takes part in a conversation, its title and its notifications; offers nothing that would be refused. */
export function ConversationDetails(props: ConversationDetailsProps) {
  const { commands, conversation, conversations, members, userId, name, unsent, onLeft, onClose } = props
  const { t, i18n } = useTranslation()
  const [question, setQuestion] = useState<Question | null>(null)
  const [shown, setShown] = useState<User | null>(null)
  const isLeft = useRef(false)
  const [progress, setProgress] = useState<Progress>({ status: 'idle' })
  const id = conversation.conversation_id
  const isGroup = conversation.kind === 'group'
  const { can } = conversation
  const [other] = othersOf(conversation, userId)

  /** Returns whether it succeeded; a refusal is shown, with the names of the people concerned. */
  const run = async (work: Promise<void>, people: User[] = []): Promise<boolean> => {
    setProgress({ status: 'working' })
    try {
      await work
      setProgress({ status: 'idle' })
      return true
    } catch (error) {
      setProgress({ status: 'failed', reason: reasonOf(t, i18n.language, error, people) })
      return false
    }
  }
  const confirm = async (asked: Question) => {
    setQuestion(null)
    const isDone = await run(commands.removePeople(id, [asked.kind === 'leave' ? userId : asked.person.id]))
    if (isDone && asked.kind === 'leave') onLeft()
  }

  const shared = (person: User) => sharedGroups(conversations, userId, person.id)
  const openGroup = (groupId: Id) => {
    isLeft.current = true
    props.onGroup(groupId)
  }

  return (
    <Modal title={t('details.title')} isSheet lastFocus={() => !isLeft.current} onClose={onClose}>
      <div className="details">
        {!isGroup && other ? (
          <PersonHead person={other} />
        ) : (
          <div className="details-head">
            <Avatar id={isGroup ? id : 0} name={name} isGroup={isGroup} />
            <GroupTitle
              name={name}
              title={conversation.title}
              {...(can.rename ? { onRename: (title) => run(commands.changeConversation(id, { title })) } : {})}
            />
          </div>
        )}
        {isGroup && Boolean(conversation.class_id) && (
          <p className="details-managed">
            <School size={18} aria-hidden="true" />
            {t('directory.follows')}
          </p>
        )}
        {isGroup && <ManagedBy conversation={conversation} userId={userId} />}
        {progress.status === 'failed' && (
          <p className="alert" role="alert">
            {progress.reason}
          </p>
        )}
        <OwnState
          conversation={conversation}
          onChange={(change) => run(commands.changeConversation(id, change))}
          onUnread={() => {
            isLeft.current = true
            onLeft()
            props.onUnread()
          }}
        />
        {isGroup && <PostingSwitch conversation={conversation} onPosting={(posting) => run(commands.changeConversation(id, { posting }))} />}
        {can.add && (
          <AddPeople
            establishmentId={conversation.establishment_id}
            members={conversation.participants}
            onAdd={(people) => run(commands.addPeople(id, people.map((person) => person.id)), people)}
          />
        )}
        {!isGroup && other && <PersonFacts person={other} shared={shared(other)} onGroup={openGroup} />}
        {isGroup && (
          <MemberList
            conversation={conversation}
            members={members}
            userId={userId}
            onShow={setShown}
            {...(can.remove
              ? {
                  onRemove: (person) => {
                    setQuestion({ kind: 'remove', person })
                  },
                }
              : {})}
          />
        )}
        <ExportConversation conversation={conversation} userId={userId} name={name} />
        {can.leave && (
          <button
            type="button"
            className="button details-leave"
            onClick={() => {
              setQuestion({ kind: 'leave' })
            }}
          >
            <LogOut size={16} aria-hidden="true" />
            {t('details.leave')}
          </button>
        )}
      </div>
      {shown && (
        <PersonPanel
          person={shown}
          establishmentIds={[...new Set([conversation.establishment_id, ...(props.establishmentIds ?? [])])]}
          isKnown={directWith(conversations, userId, shown.id) !== undefined}
          shared={shown.id === userId ? [] : shared(shown)}
          onGroup={openGroup}
          {...(shown.id !== userId
            ? {
                onWrite: () => {
                  isLeft.current = true
                  props.onWrite(shown)
                },
              }
            : {})}
          onClose={() => {
            setShown(null)
          }}
        />
      )}
      {question && (
        <ConfirmDialog
          {...(question.kind === 'leave'
            ? { title: t('details.leaveTitle'), text: unsent > 0 ? t('details.leaveUnsent', { count: unsent }) : t('details.leaveText'), action: t('details.leaveAction') }
            : {
                title: t('details.removeTitle', { name: nameAmong(question.person, conversation.participants) }),
                text: t('details.removeText'),
                action: t('details.removeAction'),
              })}
          onConfirm={() => void confirm(question)}
          onClose={() => {
            setQuestion(null)
          }}
        />
      )}
    </Modal>
  )
}

/** Explains a refusal, for example after a change of roles, or because of people who have left the group. */
function reasonOf(t: TFunction, language: string, error: unknown, people: User[]): string {
  return errorCode(error) === 'forbidden' ? t('details.notAllowed') : refusalText(t, language, error, people)
}
