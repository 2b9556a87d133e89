import { type FormEvent, useRef, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { useTranslation } from '../../i18n/useTranslation'
import { errorText } from '../../i18n/errorText'
import { fitting, oneLine } from '../../lib/text'
import { Modal } from '../../parts/Modal'
import { maxTitleLength } from '../../protocol/limits'
import type { Conversation, Id, User } from '../../protocol/resources'
import { PeoplePicker } from './PeoplePicker'

/** The choice so far, which is kept if the dialog is closed by mistake. */
export interface Draft {
  chosen: User[]
  title: string
}

export interface NewConversationProps {
  establishmentId: Id
  /** Gets the focus back on closing; null if nothing had it. */
  opener: HTMLElement | null
  /** Returns what was typed before the field was there; called when it gets the focus. */
  takeTyped: () => string
  draft: Draft
  onDraft: (draft: Draft) => void
  /** For a single person: the conversation is created with the first message. */
  onPerson: (person: User) => void
  onGroup: (participants: Id[], title?: string) => Promise<Conversation>
  onStarted: (conversationId: Id) => void
  onClose: () => void
}

type Progress = { status: 'choosing' } | { status: 'creating' } | { status: 'failed'; code: string }

/** One person gives a direct conversation, several a group. */
export function NewConversation({ establishmentId, opener, takeTyped, draft, onDraft, onPerson, onGroup, onStarted, onClose }: NewConversationProps) {
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
      oneLine(title),
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
    <Modal title={t('create.title')} firstFocus={field} lastFocus={() => !isStarted.current && (opener ?? true)} onClose={onClose}>
      <form className="create" onSubmit={submit}>
        <PeoplePicker
          field={field}
          label={t('create.people')}
          establishmentId={establishmentId}
          chosen={chosen}
          takeTyped={takeTyped}
          onChange={(next) => {
            onDraft({ ...draft, chosen: next })
          }}
        />
        {isGroup && (
          <label className="field">
            <span>{t('create.groupTitle')}</span>
            <input
              value={title}
              autoComplete="off"
              dir="auto"
              onChange={(event) => {
                onDraft({ ...draft, title: fitting(event.target.value, maxTitleLength) })
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
