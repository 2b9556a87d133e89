import type { Conversation, Id, Me } from '../../protocol/resources'
import type { Outgoing } from './chatState'
import { isAlone } from './conversations'

/** Why somebody can't write in a conversation. Sending again wouldn't help. */
const refusals = ['contact_not_allowed', 'reply_only', 'paused', 'sanctioned', 'blocked', 'staff_only', 'recipient_gone', 'not_in_establishment']

export function isWritingRefusal(code: string): boolean {
  return refusals.includes(code)
}

/** The code of why the user can't write in a conversation, or to somebody without one; '' if they can, as far as is known. */
export function writingRefusal(conversation: Conversation, outgoing: readonly Outgoing[], userId: Id, me: Me | null): string {
  const { can_write: canWrite, cannot_write: code, conversation_id: id } = conversation
  if (canWrite !== undefined) return canWrite ? '' : code || 'internal'
  // The other cases are those of an older server, which doesn't say so, and of people without a conversation.
  if (isAlone(conversation, userId)) return 'recipient_gone'
  if (id === 0 && me?.pause) return 'paused'
  const codes = outgoing.map(({ delivery }) => (delivery.status === 'failed' ? delivery.code : ''))
  return codes.find((one) => (id === 0 ? isWritingRefusal(one) : one === 'recipient_gone')) ?? ''
}

/** The time zone of a conversation's establishment; undefined for that of this device. */
export function zoneOf({ establishment_id: id }: Conversation, me: Me | null): string | undefined {
  const all = me?.establishments
  return (all?.find((one) => one.id === id) ?? all?.[0])?.timezone
}
