import { BellOff, LogOut } from 'lucide-react'
import { startTransition, useOptimistic, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { errorCode } from '../actions/apiCall'
import { errorText } from '../i18n/errorText'
import type { Conversation, Id, User } from '../protocol'
import { AddPeople } from './AddPeople'
import { Avatar } from './Avatar'
import { ConfirmDialog } from './ConfirmDialog'
import { fullName, othersOf } from './conversations'
import { GroupTitle } from './GroupTitle'
import { MemberList } from './MemberList'
import { Modal } from './Modal'
import type { ConversationCommands } from './useConversations'

export interface ConversationDetailsProps {
  commands: ConversationCommands
  conversation: Conversation
  userId: Id
  name: string
  /** Messages of ours that leaving would throw away. */
  unsent: number
  onLeft: () => void
  onClose: () => void
}

type Question = { kind: 'leave' } | { kind: 'remove'; person: User }
export type Progress = { status: 'idle' } | { status: 'working' } | { status: 'failed'; code: string }

/** Who is in it, what it is called, whether it may disturb. */
export function ConversationDetails({ commands, conversation, userId, name, unsent, onLeft, onClose }: ConversationDetailsProps) {
  const { t } = useTranslation()
  const [question, setQuestion] = useState<Question | null>(null)
  const [progress, setProgress] = useState<Progress>({ status: 'idle' })
  const [isMuted, showMuted] = useOptimistic(conversation.muted)
  const id = conversation.conversation_id
  const isGroup = conversation.kind === 'group'
  const [other] = othersOf(conversation, userId)

  /** Answers whether it was done; what was refused is said. */
  const run = async (work: Promise<void>): Promise<boolean> => {
    setProgress({ status: 'working' })
    try {
      await work
      setProgress({ status: 'idle' })
      return true
    } catch (error) {
      setProgress({ status: 'failed', code: errorCode(error) })
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
            <GroupTitle name={name} title={conversation.title} onRename={(title) => run(commands.changeConversation(id, { title }))} />
          ) : (
            <p className="details-name" dir="auto">
              {name}
            </p>
          )}
        </div>
        {progress.status === 'failed' && (
          <p className="alert" role="alert">
            {progress.code === 'forbidden' ? t('details.notAllowed') : errorText(t, progress.code)}
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
        {isGroup && (
          <AddPeople
            establishmentId={conversation.establishment_id}
            members={conversation.participants}
            onAdd={(people) => run(commands.addPeople(id, people.map((person) => person.id)))}
          />
        )}
        <MemberList
          people={conversation.participants}
          userId={userId}
          {...(isGroup
            ? {
                onRemove: (person) => {
                  setQuestion({ kind: 'remove', person })
                },
              }
            : {})}
        />
        {isGroup && (
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
