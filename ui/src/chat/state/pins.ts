import type { Id } from '../../protocol/resources'
import type { PinEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { reduceFrame } from './frameReducer'
import { heardSince } from './requests'

/** As if its frame had arrived, unless another one has: that is followed by one with this change. */
export function reducePins(state: ChatState, { conversationId, messageId, adds, request }: PinEvent): ChatState {
  const known = state.conversations[conversationId]
  if (!known || heardSince(state, request).some((frame) => frame.type === 'message_pins' && frame.conversation_id === conversationId)) return state
  const pinned_messages = withPin(known.pinned_messages ?? [], messageId, adds)
  return reduceFrame(state, { type: 'message_pins', conversation_id: conversationId, pinned_messages }, 0)
}

export function withPin(pinned: readonly Id[], messageId: Id, adds: boolean): Id[] {
  const others = pinned.filter((id) => id !== messageId)
  return adds ? [...others, messageId] : others
}
