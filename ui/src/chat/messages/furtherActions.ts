import { touchQuery } from '../../lib/useMediaQuery'
import type { Message } from '../../protocol/resources'
import { participantOf } from '../state/conversations'
import type { Open } from '../state/openConversation'

const further = ['private', 'select', 'forward', 'link', 'pin', 'unpin', 'readers', 'history'] as const
/** What can be done with a stored message besides replying to it or changing it. */
export type FurtherAction = (typeof further)[number]

export function isFurther(action: string): action is FurtherAction {
  return further.some((one) => one === action)
}

/** Whether the user may read what a message said before. Without pins it is an older server, which keeps none of that. */
export function hasHistory(message: Message, { userId, moderates, pinned }: Open): boolean {
  return pinned !== undefined && message.edited_at !== null && !message.deleted && (moderates || message.sender_id === userId)
}

/** Offers nothing that would be refused. */
export function furtherActions(message: Message | undefined, open: Open | null): FurtherAction[] {
  if (!message || !open || message.deleted) return []
  const { userId, conversation, pinned } = open
  const isFilled = message.content !== '' || Boolean(message.attachments?.length)
  const mayPin = pinned && conversation.can.pin
  const isOthers = conversation.kind === 'group' && message.sender_id !== userId && participantOf(conversation, message.sender_id) !== undefined
  return [
    ...(isOthers ? (['private'] as const) : []),
    ...(isFilled ? (['forward'] as const) : []),
    'link',
    ...(mayPin ? ([pinned.includes(message.id) ? 'unpin' : 'pin'] as const) : []),
    ...(message.content !== '' && window.matchMedia(touchQuery).matches ? (['select'] as const) : []),
    ...(conversation.kind === 'group' && message.sender_id === userId && pinned ? (['readers'] as const) : []),
    ...(hasHistory(message, open) ? (['history'] as const) : []),
  ]
}
