import type { Dispatch } from 'react'
import { useScheduleTexts } from '../../i18n/schedule/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { Modal } from '../../parts/Modal'
import type { Conversation, Id, Me } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'
import type { ChatState } from '../state/chatState'
import { conversationName } from '../state/conversations'
import { zoneOf } from '../state/writing'
import { ScheduledCard } from './ScheduledCard'

interface ScheduledListProps {
  state: Pick<ChatState, 'scheduled' | 'conversations' | 'userId'>
  me: Me | null
  dispatch: Dispatch<ChatEvent>
  onOpen: (conversationId: Id) => void
  onClose: () => void
}

/** Everything that waits, wherever it goes; the next one first. */
export function ScheduledList({ state, me, dispatch, onOpen, onClose }: ScheduledListProps) {
  const { scheduled, conversations, userId } = state
  const { t: common } = useTranslation()
  const t = useScheduleTexts()
  const nameOf = (conversation: Conversation | undefined) =>
    (conversation && conversationName(conversation, userId)) || common(conversation?.kind === 'group' ? 'chat.emptyGroup' : 'chat.unknown')
  return (
    <Modal title={t('list')} isSheet onClose={onClose}>
      <ul className="scheduled-list" aria-label={t('list')}>
        {scheduled.map((one) => {
          const conversation = conversations[one.conversation_id]
          return (
            <li key={one.id}>
              <button type="button" className="text-button" title={t('open')} onClick={() => { onOpen(one.conversation_id) }}>
                <bdi>{nameOf(conversation)}</bdi>
              </button>
              <ScheduledCard
                scheduled={one}
                zone={conversation && zoneOf(conversation, me)}
                mayWrite={conversation?.can_write !== false}
                dispatch={dispatch}
              />
            </li>
          )
        })}
      </ul>
      {scheduled.length === 0 && <p className="modal-text">{t('none')}</p>}
    </Modal>
  )
}
