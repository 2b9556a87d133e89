import { Check, CheckCheck, CircleAlert, CircleCheck, Clock } from 'lucide-react'
import { useTranslation } from '../../i18n/useTranslation'
import type { MessageStatus } from '../../protocol/resources'

export type BubbleState = MessageStatus | 'waiting' | 'sending' | 'failed'

const icons = { waiting: Clock, sending: Clock, sent: Check, delivered: CheckCheck, read: CircleCheck, failed: CircleAlert }

/** The state of one of the user's messages, as an icon with a text for screen readers; each has a shape of its own. */
export function MessageState({ state, hasTitle = true }: { state: BubbleState; hasTitle?: boolean }) {
  const { t } = useTranslation()
  const Icon = icons[state]
  const word = t(`message.state.${state}`)
  return (
    <span className="message-state" data-state={state} title={hasTitle ? word : undefined}>
      <Icon size={16} strokeWidth={2.4} aria-hidden="true" />
      <span className="visually-hidden">{word}</span>
    </span>
  )
}
