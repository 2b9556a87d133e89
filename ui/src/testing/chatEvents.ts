import { chatReducer } from '../chat/state/chatReducer'
import type { ChatEvent } from '../chat/state/chatEvent'
import { type ChatState, initialChatState } from '../chat/state/chatState'
import type { ServerFrame } from '../protocol/frames'
import type { Conversation, Id } from '../protocol/resources'
import { aConversation, aMessage, claire } from './factories'

/** The state after some events. */
export function after(state: ChatState, ...events: ChatEvent[]): ChatState {
  return events.reduce(chatReducer, state)
}

export function frame(frame: ServerFrame, at = 0): ChatEvent {
  return { type: 'frame', frame, at }
}

export function list(...conversations: Conversation[]): ChatEvent {
  return frame({ type: 'conversations_list', conversations, complete: true })
}

export function arrives(id: Id, fields: Parameters<typeof aMessage>[1] = {}): ChatEvent {
  return frame({ type: 'new_message', message: aMessage(id, fields) })
}

/** A request whose response contains all changes before it. */
export function answered<T extends ChatEvent & { request: number }>(event: T): ChatEvent[] {
  return [{ type: 'requested', request: event.request }, event, { type: 'requestEnded', request: event.request }]
}

export function written(clientId: string): ChatEvent {
  return {
    type: 'written',
    outgoing: { clientId, place: { conversation: 7 }, content: clientId, replyTo: null, createdAt: '2026-09-01T08:00:00.000Z', sequence: 1, delivery: { status: 'waiting' } },
  }
}

/** Connected, with conversation 7 open and its messages 10 and 11 loaded. */
export const open = after(
  initialChatState(claire.id),
  { type: 'linkChanged', isConnected: true },
  list(aConversation({ last_message: aMessage(11) }), aConversation({ conversation_id: 8 })),
  { type: 'threadOpened', conversationId: 7 },
  ...answered({ type: 'stretchLoaded', conversationId: 7, messages: [aMessage(10), aMessage(11)], hasOlder: true, hasNewer: false, request: 1 }),
)

/** The ids of its messages. */
export function ids(state: ChatState): Id[] | undefined {
  return state.threads[7]?.messages.map((message) => message.id)
}
