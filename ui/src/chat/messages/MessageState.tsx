import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react'
import { useTranslation } from '../../i18n/useTranslation'
import type { MessageStatus } from '../../protocol/resources'

export type BubbleState = MessageStatus | 'waiting' | 'sending' | 'failed'

const icons = { waiting: Clock, sending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: CircleAlert }

/** The state of one of the user's messages, as an icon with a text for screen readers. */
export function MessageState({ state }: { state: BubbleState }) {
  const { t } = useTranslation()
  const Icon = icons[state]
  const word = t(`message.state.${state}`)
  return (
    <span className="message-state" data-state={state} title={word}>
      <Icon size={14} strokeWidth={2.4} aria-hidden="true" />
      <span className="visually-hidden">{word}</span>
    </span>
  )
}
