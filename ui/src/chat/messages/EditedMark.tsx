import { use } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import type { Message } from '../../protocol/resources'
import { OpenConversation } from '../state/openConversation'
import { hasHistory } from './furtherActions'
import type { MessageAction } from './MessageMenuPopup'
import { RowTabIndex } from './useRowFocus'

export interface EditedMarkProps {
  message: Message
  isByAdministration: boolean
  onAction: (message: Message, action: MessageAction) => void
}

/** Says that a message was edited; for those who may read what it said before, a button that shows it. */
export function EditedMark({ message, isByAdministration, onAction }: EditedMarkProps) {
  const { t } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const open = use(OpenConversation)
  const text = t(isByAdministration ? 'message.editedByAdministration' : 'message.edited')
  if (!open || !hasHistory(message, open)) return <span>{text}</span>
  return (
    <button
      type="button"
      className="edited-mark"
      tabIndex={tabIndex}
      onClick={() => {
        onAction(message, 'history')
      }}
    >
      {text}
    </button>
  )
}
