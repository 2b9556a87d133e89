import { MessagesSquare } from 'lucide-react'
import { type Dispatch, useEffect, useRef, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import type { Place } from '../lib/place'
import { PaneHeading } from '../parts/PaneHeading'
import { UnsentTexts } from '../parts/UnsentTexts'
import type { Id } from '../protocol/resources'
import type { ChatEvent } from './state/chatEvent'
import type { Outgoing } from './state/chatState'
import { readDraft, storeDraft } from './state/useDraft'
import { useCopying } from './CopiedNote'

addLaterTexts()

export interface AbsentConversationProps {
  userId: Id
  place: Place
  /** Messages for it that can no longer be sent. */
  unsent: Outgoing[]
  dispatch: Dispatch<ChatEvent>
  onDiscard: (clientId: string) => void
  onBack: () => void
}

/** Shows somebody who was removed from a group while writing their unsent texts. */
export function AbsentConversation({ userId, place, unsent, dispatch, onDiscard, onBack }: AbsentConversationProps) {
  const { t } = useTranslation()
  const draftPlace = { userId, place }
  const [draft, setDraft] = useState(() => readDraft(draftPlace))
  const { copy, copied } = useCopying(dispatch)
  const heading = useRef<HTMLHeadingElement>(null)
  // The focused element was removed with the conversation.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  const texts = [
    ...unsent.map(({ clientId, content }) => ({ key: clientId, content, discard: () => { onDiscard(clientId) } })),
    ...(draft ? [{ key: 'draft', content: draft, discard: () => { storeDraft(draftPlace, ''); setDraft('') } }] : []),
  ]
  return (
    <div className="pane pane-note">
      <MessagesSquare size={40} strokeWidth={1.5} aria-hidden="true" />
      <PaneHeading ref={heading}>{t(texts.length > 0 ? 'chat.lost' : 'chat.notFound')}</PaneHeading>
      {texts.length > 0 && (
        <>
          <span>{t('chat.lostHint')}</span>
          <UnsentTexts texts={texts} onCopy={copy} />
        </>
      )}
      <button type="button" className="button" onClick={onBack}>
        {t('chat.back')}
      </button>
      {copied}
    </div>
  )
}
