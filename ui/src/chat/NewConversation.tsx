import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { errorCode } from '../actions/apiCall'
import { errorText } from '../i18n/errorText'
import type { Conversation, Id, User } from '../protocol'
import { Modal } from './Modal'
import { PeoplePicker } from './PeoplePicker'

/** What was chosen so far: it outlives a dialog that closes by mistake. */
export interface Draft {
  chosen: User[]
  title: string
}

interface NewConversationProps {
  establishmentId: Id
  draft: Draft
  onDraft: (draft: Draft) => void
  /** One person only: their conversation is made with the first message. */
  onPerson: (person: User) => void
  onGroup: (participants: Id[], title?: string) => Promise<Conversation>
  onStarted: (conversationId: Id) => void
  onClose: () => void
}

type Progress = { status: 'choosing' } | { status: 'creating' } | { status: 'failed'; code: string }

/** One person is written to directly, several are a group. */
export function NewConversation({ establishmentId, draft, onDraft, onPerson, onGroup, onStarted, onClose }: NewConversationProps) {
  const { t } = useTranslation()
  const { chosen, title } = draft
  const [progress, setProgress] = useState<Progress>({ status: 'choosing' })
  const field = useRef<HTMLInputElement>(null)
  const isStarted = useRef(false)
  const isGroup = chosen.length > 1

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const [first] = chosen
    if (!first || progress.status === 'creating') return
    if (!isGroup) {
      isStarted.current = true
      onPerson(first)
      return
    }
    setProgress({ status: 'creating' })
    onGroup(
      chosen.map((person) => person.id),
      title.trim(),
    ).then(
      (conversation) => {
        isStarted.current = true
        onStarted(conversation.conversation_id)
      },
      (error: unknown) => {
        setProgress({ status: 'failed', code: errorCode(error) })
      },
    )
  }

  return (
    <Modal title={t('create.title')} firstFocus={field} lastFocus={() => !isStarted.current} onClose={onClose}>
      <form className="create" onSubmit={submit}>
        <PeoplePicker field={field} label={t('create.people')} establishmentId={establishmentId} chosen={chosen} onChange={(next) => { onDraft({ ...draft, chosen: next }) }} />
        {isGroup && (
          <label className="field">
            <span>{t('create.groupTitle')}</span>
            <input
              value={title}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => {
                onDraft({ ...draft, title: event.target.value })
              }}
            />
          </label>
        )}
        {progress.status === 'failed' && (
          <p className="alert" role="alert">
            {errorText(t, progress.code)}
          </p>
        )}
        <footer className="modal-footer">
          <button
            type="button"
            className="button"
            onClick={() => {
              onDraft({ chosen: [], title: '' })
              onClose()
            }}
          >
            {t('create.cancel')}
          </button>
          <button type="submit" className="button is-primary" disabled={chosen.length === 0 || progress.status === 'creating'}>
            {t(isGroup ? 'create.startGroup' : 'create.startDirect')}
          </button>
        </footer>
      </form>
    </Modal>
  )
}
