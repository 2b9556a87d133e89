import { BellOff, LogOut } from 'lucide-react'
import { startTransition, useOptimistic, useState } from 'react'
import type { TFunction } from 'i18next'
import { ApiError, errorCode } from '../../actions/apiCall'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { errorText } from '../../i18n/errorText'
import { Avatar } from '../../parts/Avatar'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Modal } from '../../parts/Modal'
import type { Conversation, Id, User } from '../../protocol/resources'
import { AddPeople } from '../people/AddPeople'
import { othersOf } from '../state/conversations'
import type { ConversationCommands } from '../state/useConversations'
import type { Members } from '../state/useMembers'
import { GroupTitle } from './GroupTitle'
import { ManagedBy } from './ManagedBy'
import { MemberList } from './MemberList'

export interface ConversationDetailsProps {
  commands: ConversationCommands
  conversation: Conversation
  members: Members
  userId: Id
  name: string
  /** How many unsent messages would be lost by leaving. */
  unsent: number
  onLeft: () => void
  onClose: () => void
}

type Question = { kind: 'leave' } | { kind: 'remove'; person: User }
type Progress = { status: 'idle' } | { status: 'working' } | { status: 'failed'; reason: string }

/** The participants, the title and the notifications of a conversation; offers nothing that would be refused. */
export function ConversationDetails({ commands, conversation, members, userId, name, unsent, onLeft, onClose }: ConversationDetailsProps) {
  const { t, i18n } = useTranslation()
  const [question, setQuestion] = useState<Question | null>(null)
  const [progress, setProgress] = useState<Progress>({ status: 'idle' })
  const [isMuted, showMuted] = useOptimistic(conversation.muted)
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

  return (
    <Modal title={t('details.title')} isSheet onClose={onClose}>
      <div className="details">
        <div className="details-head">
          <Avatar id={isGroup ? id : (other?.id ?? 0)} name={name} isGroup={isGroup} />
          {isGroup ? (
            <GroupTitle
              name={name}
              title={conversation.title}
              {...(can.rename ? { onRename: (title) => run(commands.changeConversation(id, { title })) } : {})}
            />
          ) : (
            <p className="details-name" dir="auto">
              {name}
            </p>
          )}
        </div>
        {isGroup && <ManagedBy conversation={conversation} userId={userId} />}
        {progress.status === 'failed' && (
          <p className="alert" role="alert">
            {progress.reason}
          </p>
        )}
        <label className="switch">
          <BellOff size={18} aria-hidden="true" />
          <span>
            <strong>{t('details.mute')}</strong>
            <span>{t('details.muteHint')}</span>
          </span>
          <input
            type="checkbox"
            role="switch"
            aria-label={t('details.mute')}
            checked={isMuted}
            onChange={(event) => {
              const muted = event.target.checked
              startTransition(async () => {
                showMuted(muted)
                await run(commands.changeConversation(id, { muted }))
              })
            }}
          />
        </label>
        {can.add && (
          <AddPeople
            establishmentId={conversation.establishment_id}
            members={conversation.participants}
            onAdd={(people) => run(commands.addPeople(id, people.map((person) => person.id)), people)}
          />
        )}
        <MemberList
          conversation={conversation}
          members={members}
          userId={userId}
          {...(can.remove
            ? {
                onRemove: (person) => {
                  setQuestion({ kind: 'remove', person })
                },
              }
            : {})}
        />
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
      {question && (
        <ConfirmDialog
          {...(question.kind === 'leave'
            ? { title: t('details.leaveTitle'), text: unsent > 0 ? t('details.leaveUnsent', { count: unsent }) : t('details.leaveText'), action: t('details.leaveAction') }
            : {
                title: t('details.removeTitle', { name: fullName(question.person) }),
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
  const code = errorCode(error)
  if (code === 'forbidden') return t('details.notAllowed')
  const ids = error instanceof ApiError && code === 'has_left' ? error.data.participants : []
  const names = people.filter((person) => Array.isArray(ids) && ids.includes(person.id)).map(fullName)
  if (names.length === 0) return errorText(t, code)
  return t('details.hasLeft', { count: names.length, names: new Intl.ListFormat(language).format(names) })
}
