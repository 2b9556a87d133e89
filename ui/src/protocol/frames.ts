import type { Conversation, Editor, Id, Me, Message, Reaction, Scheduled, Timestamp } from './resources'

export type ServerFrame =
  /** The most recent ones; `complete` if there are no others. */
  | { type: 'conversations_list'; conversations: Conversation[]; complete: boolean }
  | { type: 'new_message'; message: Message }
  | { type: 'message_updated'; message: Message }
  /** `removed`: without a tombstone, as in the dashboard; a list follows. */
  | { type: 'message_deleted'; conversation_id: Id; message_id: Id; edited_by?: Editor; removed?: boolean }
  /** All reactions to a message, after some of them have changed. */
  | { type: 'message_reactions'; conversation_id: Id; message_id: Id; reactions: Reaction[] }
  /** All that are pinned, after one was pinned or unpinned. */
  | { type: 'message_pins'; conversation_id: Id; pinned_messages: Id[] }
  /** Something has happened in a group: actions/eventAction.ts. */
  | { type: 'conversation_events'; conversation_id: Id }
  | { type: 'messages_read'; conversation_id: Id; user_id: Id; message_id: Id; timestamp: Timestamp }
  | { type: 'messages_delivered'; conversation_id: Id; user_id: Id; message_id: Id }
  | { type: 'typing_start'; conversation_id: Id; user_id: Id }
  | { type: 'typing_stop'; conversation_id: Id; user_id: Id }
  | { type: 'conversation_joined'; conversation_id: Id }
  | { type: 'error'; code: string; message: string; conversation_id?: Id; client_id?: string }
  | { type: 'pong' }
  /** The caller has changed: their rights, a pause, their quiet hours. */
  | { type: 'me_updated'; me: Me }
  | { type: 'message_scheduled'; scheduled: Scheduled }
  /** It was delivered or cancelled; `refused`: it stays, with the code. */
  | { type: 'scheduled_gone'; id: Id; reason: 'delivered' | 'cancelled' | 'refused'; code?: string }

export type ServerFrameType = ServerFrame['type']

export type ClientFrame =
  | { type: 'chat_message'; conversation_id: Id; message: string; client_id?: string; reply_to?: Id; attachments?: Id[]; mentions?: readonly Id[]; deliver_at?: Timestamp; urgent?: boolean }
  | { type: 'typing_start'; conversation_id: Id }
  | { type: 'typing_stop'; conversation_id: Id }
  | { type: 'mark_as_read'; conversation_id: Id; message_id?: Id }
  | { type: 'join_conversation'; conversation_id: Id }
  | { type: 'ping' }

export type ClientFrameType = ClientFrame['type']

/** After these a client doesn't reconnect; after any other it does, with backoff. */
export const closeUnauthorized = 4401
export const closeAccountDisabled = 4403
