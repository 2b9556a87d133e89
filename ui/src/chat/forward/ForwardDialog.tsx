import './forward.css'
import { type FormEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import type { Language } from '../../i18n/i18n'
import { addLaterTexts } from '../../i18n/later'
import { useMessageTexts } from '../../i18n/message/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { conversationIn, type Place } from '../../lib/place'
import { excerpt } from '../../lib/text'
import { Avatar } from '../../parts/Avatar'
import { Modal } from '../../parts/Modal'
import { PlainText } from '../../parts/PlainText'
import type { Conversation, Id, Message, User } from '../../protocol/resources'
import { FileSummary, loadCopies } from '../files/parts'
import type { SendOptions } from '../state/sending'
import { type Target, useTargets } from './useTargets'

addLaterTexts()

interface ForwardDialogProps {
  message: Message
  establishmentId: Id
  userId: Id
  conversations: Readonly<Record<Id, Conversation>>
  /** Loads more of them; absent once all are. */
  onMore: (() => void) | undefined
  onSend: (place: Place, content: string, replyTo: null, options: SendOptions) => void
  onOpen: (conversationId: Id) => void
  onContact: (person: User) => void
  onClose: () => void
}

type Progress = { status: 'choosing' } | { status: 'preparing' } | { status: 'failed'; code: string }

/**
 * Sends the text and the files of a message to somebody else, as a message like any other: from the user, now. The
 * conversation is opened, where it shows whether it was sent.
 */
export function ForwardDialog({ message, userId, onMore, onSend, onOpen, onContact, onClose, ...where }: ForwardDialogProps) {
  const t = useMessageTexts()
  const { t: general, i18n } = useTranslation()
  const [query, setQuery] = useState('')
  const [chosenKey, setChosenKey] = useState('')
  const [progress, setProgress] = useState<Progress>({ status: 'choosing' })
  const field = useRef<HTMLInputElement>(null)
  const isSent = useRef(false)
  const isOver = useRef(false)
  const { targets, search } = useTargets({ userId, ...where }, query)
  // Only somebody who is still in the list.
  const chosen = targets.find(({ key }) => key === chosenKey)
  const name = useId()
  const { content, attachments = [] } = message
  const more = useEffectEvent(() => onMore?.())
  const isSearch = query.trim() !== ''
  const hasMore = onMore !== undefined
  const count = Object.keys(where.conversations).length
  useEffect(() => {
    if (isSearch && hasMore) more()
  }, [isSearch, hasMore, count])

  useEffect(() => {
    isOver.current = false
    return () => {
      isOver.current = true
    }
  }, [])

  const send = ({ place, person }: Target, options: SendOptions) => {
    isSent.current = true
    onSend(place, content, null, options)
    onClose()
    const id = conversationIn(place)
    if (id !== null) onOpen(id)
    else if (person) onContact(person)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!chosen || progress.status === 'preparing') return
    setProgress({ status: 'preparing' })
    try {
      const files = attachments.length > 0 ? await (await loadCopies()).copyFiles(userId, attachments, i18n.language as Language) : undefined
      // It may have been cancelled meanwhile.
      if (!isOver.current) send(chosen, files ? { files } : {})
    } catch (error) {
      setProgress({ status: 'failed', code: errorCode(error) })
    }
  }
  const isNobody = search.status === 'found' && targets.length === 0 && !hasMore

  return (
    <Modal title={t('forward.title')} firstFocus={field} lastFocus={() => !isSent.current} onClose={onClose}>
      <form className="create" onSubmit={(event) => void submit(event)}>
        <blockquote className="forward-message" aria-label={t('forward.message')} dir="auto">
          {content && <PlainText text={excerpt(content, 300)} />}
          {attachments.length > 0 && <span><FileSummary files={attachments} /></span>}
        </blockquote>
        <div className="picker">
          <label>
            {t('forward.search')}
            <span className="picker-field">
              <input ref={field} type="search" value={query} autoComplete="off" dir="auto" onChange={(event) => { setQuery(event.target.value) }} />
            </span>
          </label>
          <div role="radiogroup" aria-label={t('forward.targets')} className="picker-list forward-targets">
            {targets.map((target) => (
              <label key={target.key} className="directory-choice is-person">
                <input type="radio" name={name} checked={chosen === target} onChange={() => { setChosenKey(target.key) }} />
                <Avatar id={target.avatarId} name={target.name} isGroup={target.isGroup} />
                <span className="conversation-body">
                  <span className="conversation-name" dir="auto">{target.name}</span>
                  <span className="conversation-role"><bdi>{target.detail}</bdi></span>
                </span>
              </label>
            ))}
          </div>
          <p className="picker-note" role="status">
            {search.status === 'searching' && general('list.searching')}
            {search.status === 'failed' && errorText(general, search.code)}
            {isNobody && t('forward.none', { query: query.trim() })}
            {progress.status === 'preparing' && t('forward.preparing')}
          </p>
          {progress.status === 'failed' && (
            <p className="alert" role="alert">
              {t('forward.notPrepared', { reason: errorText(general, progress.code) })}{' '}
              {content && chosen && (
                <button type="button" className="text-button" onClick={() => { send(chosen, {}) }}>
                  {t('forward.withoutFiles')}
                </button>
              )}
            </p>
          )}
        </div>
        <footer className="modal-footer">
          <button type="button" className="button" onClick={onClose}>
            {t('forward.cancel')}
          </button>
          <button type="submit" className="button is-primary" disabled={!chosen || progress.status === 'preparing'}>
            {t('forward.submit')}
          </button>
        </footer>
      </form>
    </Modal>
  )
}
