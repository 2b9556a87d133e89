import { type FormEvent, useRef, useState } from 'react'
import type { GroupOptions } from '../../actions/messagerieAction'
import { useTranslation } from '../../i18n/useTranslation'
import { addLaterTexts } from '../../i18n/later'
import { fitting, oneLine } from '../../lib/text'
import { Modal } from '../../parts/Modal'
import { maxTitleLength } from '../../protocol/limits'
import type { ClassSummary, Conversation, Id, Role, User } from '../../protocol/resources'
import { Directory } from './Directory'
import { refusalText } from '../state/refusalText'
import { PeoplePicker } from './PeoplePicker'

addLaterTexts()

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
  onGroup: (participants: Id[], options: GroupOptions) => Promise<Conversation>
  onStarted: (conversationId: Id) => void
  onClose: () => void
}

type Progress = { status: 'choosing' } | { status: 'creating' } | { status: 'failed'; error: unknown }

/** One person gives a direct conversation, several a group. They are searched, or found in the directory. */
export function NewConversation({ establishmentId, opener, takeTyped, draft, onDraft, onPerson, onGroup, onStarted, onClose }: NewConversationProps) {
  const { t, i18n } = useTranslation()
  const { chosen, title } = draft
  const [progress, setProgress] = useState<Progress>({ status: 'choosing' })
  const field = useRef<HTMLInputElement>(null)
  const isStarted = useRef(false)
  const isGroup = chosen.length > 1

  const startGroup = (participants: Id[], options: GroupOptions) => {
    setProgress({ status: 'creating' })
    onGroup(participants, options).then(
      (conversation) => {
        isStarted.current = true
        onStarted(conversation.conversation_id)
      },
      (error: unknown) => {
        setProgress({ status: 'failed', error })
      },
    )
  }
  const startClassGroup = (of: ClassSummary, audience: Role[]) => {
    if (progress.status === 'creating') return
    const [first = '', ...others] = audience.map((role) => t(`directory.role.${role}`))
    const role = new Intl.ListFormat(i18n.language).format([first, ...others.map((name) => name.toLocaleLowerCase(i18n.language))])
    startGroup([], { title: t('directory.inClass', { role, name: of.name }), classId: of.id, audience })
  }
  const toggle = (person: User) => {
    const without = chosen.filter(({ id }) => id !== person.id)
    onDraft({ ...draft, chosen: without.length < chosen.length ? without : [...chosen, person] })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const [first] = chosen
    if (!first || progress.status === 'creating') return
    if (!isGroup) {
      isStarted.current = true
      onPerson(first)
      return
    }
    startGroup(
      chosen.map((person) => person.id),
      { title: oneLine(title) },
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
        >
          <Directory establishmentId={establishmentId} chosen={chosen} onToggle={toggle} onClassGroup={startClassGroup} />
        </PeoplePicker>
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
            {refusalText(t, i18n.language, progress.error, chosen)}
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
