import type { Message } from '../../protocol/resources'
import type { Open } from '../state/openConversation'

const further = ['forward', 'link', 'pin', 'unpin', 'history'] as const
/** What can be done with a stored message besides replying to it or changing it. */
export type FurtherAction = (typeof further)[number]

export function isFurther(action: string): action is FurtherAction {
  return further.some((one) => one === action)
}

/** Offers nothing that would be refused. */
export function furtherActions(message: Message | undefined, open: Open | null): FurtherAction[] {
  if (!message || !open || message.deleted) return []
  // Without pins it is an older server, which keeps no earlier versions either.
  const { userId, conversation, moderates, pinned } = open
  const isFilled = message.content !== '' || Boolean(message.attachments?.length)
  const mayPin = pinned && conversation.can.pin
  const hasHistory = pinned && message.edited_at !== null && (moderates || message.sender_id === userId)
  return [
    ...(isFilled ? (['forward'] as const) : []),
    'link',
    ...(mayPin ? ([pinned.includes(message.id) ? 'unpin' : 'pin'] as const) : []),
    ...(hasHistory ? (['history'] as const) : []),
  ]
}
