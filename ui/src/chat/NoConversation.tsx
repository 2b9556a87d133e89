import { LoaderCircle, MessagesSquare } from 'lucide-react'
import { type Dispatch, useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import type { ChatEvent, Outgoing } from './chatState'
import { useCopying } from './CopiedNote'
import { PaneHeading } from './PaneHeading'
import { type DraftPlace, readDraft, storeDraft } from './useDraft'

interface NoConversationProps {
  state: 'none' | 'loading' | 'absent'
  /** The conversation that was asked for. */
  place: DraftPlace
  /** What was written to it and can't be sent any more. */
  unsent: Outgoing[]
  dispatch: Dispatch<ChatEvent>
  onDiscard: (clientId: string) => void
  onBack: () => void
}

/** In the place of a conversation: none is chosen, it is on its way, or it isn't ours (any more). */
export function NoConversation({ state, ...props }: NoConversationProps) {
  const { t } = useTranslation()
  switch (state) {
    case 'absent':
      return <AbsentConversation key={props.place.conversationId} {...props} />
    case 'loading':
      return (
        <div className="pane pane-note">
          <LoaderCircle className="spinner" size={28} aria-hidden="true" />
          {t('app.loading')}
        </div>
      )
    case 'none':
      return (
        <div className="pane pane-note">
          <MessagesSquare size={40} strokeWidth={1.5} aria-hidden="true" />
          <PaneHeading>{t('chat.noSelection')}</PaneHeading>
          <span>{t('chat.noSelectionHint')}</span>
        </div>
      )
  }
}

/** Whoever is taken out of a group while writing finds what they wrote here. */
function AbsentConversation({ place, unsent, dispatch, onDiscard, onBack }: Omit<NoConversationProps, 'state'>) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(() => readDraft(place))
  const { copy, copied } = useCopying(dispatch)
  const heading = useRef<HTMLHeadingElement>(null)
  // What had the focus is gone with the conversation.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  const texts = [
    ...unsent.map(({ clientId, content }) => ({ key: clientId, content, discard: () => { onDiscard(clientId) } })),
    ...(draft ? [{ key: 'draft', content: draft, discard: () => { storeDraft(place, ''); setDraft('') } }] : []),
  ]
  return (
    <div className="pane pane-note">
      <MessagesSquare size={40} strokeWidth={1.5} aria-hidden="true" />
      <PaneHeading ref={heading}>{t(texts.length > 0 ? 'chat.lost' : 'chat.notFound')}</PaneHeading>
      {texts.length > 0 && (
        <>
          <span>{t('chat.lostHint')}</span>
          <ul className="unsent" aria-label={t('chat.unsent')}>
            {texts.map(({ key, content, discard }) => (
              <li key={key}>
                <p dir="auto">{content}</p>
                <button type="button" className="text-button" onClick={() => { copy(content) }}>
                  {t('message.copy')}
                </button>
                <button type="button" className="text-button" onClick={discard}>
                  {t('message.delete')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <button type="button" className="button" onClick={onBack}>
        {t('chat.back')}
      </button>
      {copied}
    </div>
  )
}
