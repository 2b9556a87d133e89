import { ArrowLeft } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { errorCode } from '../actions/apiCall'
import { errorText } from '../i18n/errorText'
import { useLayer } from '../lib/layers'
import type { Id, User } from '../protocol'
import { Avatar } from './Avatar'
import { directWith, fullName } from './conversations'
import { MessageInput } from './MessageInput'
import { PaneHeading } from './PaneHeading'
import type { Chat } from './useChat'
import { storeDraft, useDraft } from './useDraft'

interface ContactPaneProps {
  chat: Chat
  person: User
  onOpen: (conversationId: Id) => void
  onBack: () => void
}

type Progress = { status: 'writing' } | { status: 'opening' } | { status: 'failed'; code: string }

/**
 * Somebody to whom one hasn't written yet. Their conversation is made with the first message:
 * whoever only looks leaves nothing empty at the other's. Its key is the person's id.
 */
export function ContactPane({ chat, person, onOpen, onBack }: ContactPaneProps) {
  const { t } = useTranslation()
  const { userId, conversations } = chat.state
  const name = fullName(person)
  // Conversations have ids above zero: below it stands what is meant for a person.
  const [text, setText] = useDraft({ userId, conversationId: -person.id })
  const [progress, setProgress] = useState<Progress>({ status: 'writing' })
  useLayer(onBack)

  // They wrote first, or it stood on a later page of the list.
  const found = progress.status === 'opening' ? undefined : directWith(conversations, userId, person.id)?.conversation_id
  const moveTo = useEffectEvent((conversationId: Id) => {
    if (text) storeDraft({ userId, conversationId }, text)
    setText('')
    onOpen(conversationId)
  })
  useEffect(() => {
    if (found !== undefined) moveTo(found)
  }, [found])

  const send = async (content: string) => {
    if (progress.status === 'opening') return
    setProgress({ status: 'opening' })
    try {
      const { conversation_id: id } = await chat.startConversation([person.id])
      chat.send(id, content, null)
      setText('')
      onOpen(id)
    } catch (error) {
      setProgress({ status: 'failed', code: errorCode(error) })
    }
  }

  return (
    <section className="pane" aria-label={t('chat.conversation', { name })}>
      <header className="pane-header">
        <button type="button" className="icon-button back-button" aria-label={t('chat.back')} onClick={onBack}>
          <ArrowLeft size={20} aria-hidden="true" />
        </button>
        <Avatar id={person.id} name={name} />
        <div className="pane-title">
          <PaneHeading dir="auto">{name}</PaneHeading>
          <p>{t(`role.${person.role}`)}</p>
        </div>
      </header>
      <p className="messages pane-note is-plain">{t('message.none')}</p>
      {progress.status === 'failed' && (
        <p className="alert contact-alert" role="alert">
          {errorText(t, progress.code)}
        </p>
      )}
      <div className="composer">
        <MessageInput
          text={text}
          label={t('composer.labelTo', { name })}
          sendLabel={t('composer.send')}
          takesFocus
          isBusy={progress.status === 'opening'}
          onChange={setText}
          onSend={(content) => void send(content)}
        />
      </div>
    </section>
  )
}
