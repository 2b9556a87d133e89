import type { Id, Message, Reaction } from '../../protocol/resources'
import type { ReactionEvent } from './chatEvent'
import type { ChatState, Reacting } from './chatState'
import type { Heard } from './heard'
import { reduceFrame } from './frameReducer'
import { heardSince } from './requests'

export function reduceReactions(state: ChatState, event: ReactionEvent): ChatState {
  const { change } = event
  if (event.type === 'reacting') return { ...state, reacting: [...state.reacting, change] }
  const settled = { ...state, reacting: state.reacting.filter((one) => one !== change) }
  return event.type === 'reactionStored' ? withStored(settled, change, heardSince(state, event.request)) : settled
}

/** As if its frame had arrived, unless another one about the message has: that is followed by one with this change. */
function withStored(state: ChatState, change: Reacting, heard: readonly Heard[]): ChatState {
  const { conversationId, messageId } = change
  const message = state.threads[conversationId]?.messages.find(({ id }) => id === messageId)
  if (!message || heard.some((frame) => messageOf(frame) === messageId)) return state
  const reactions = withChange(message.reactions ?? [], change, state.userId)
  return reduceFrame(state, { type: 'message_reactions', conversation_id: conversationId, message_id: messageId, reactions }, 0)
}

function messageOf(frame: Heard): Id | null {
  switch (frame.type) {
    case 'message_updated':
      return frame.message.id
    case 'message_deleted':
    case 'message_reactions':
      return frame.message_id
    default:
      return null
  }
}

/** The reactions to a message with what the user has just changed. */
export function reactionsTo(message: Message, reacting: readonly Reacting[], userId: Id): readonly Reaction[] {
  return reacting
    .filter((one) => one.messageId === message.id)
    .reduce<readonly Reaction[]>((reactions, change) => withChange(reactions, change, userId), message.deleted ? [] : (message.reactions ?? []))
}

function withChange(reactions: readonly Reaction[], { emoji, adds }: Reacting, userId: Id): Reaction[] {
  const isKnown = reactions.some((one) => one.emoji === emoji)
  const all = isKnown ? reactions : [...reactions, { emoji, user_ids: [] }]
  return all
    .map((one) => (one.emoji === emoji && one.user_ids.includes(userId) !== adds ? { ...one, user_ids: toggled(one.user_ids, userId, adds) } : one))
    .filter((one) => one.user_ids.length > 0)
}

function toggled(people: Id[], userId: Id, adds: boolean): Id[] {
  return adds ? [...people, userId] : people.filter((id) => id !== userId)
}
