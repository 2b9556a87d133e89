import type { Conversation, Editor, Id, Message, Timestamp } from './resources'

export type ServerFrame =
  /** The most recent ones; `complete` if there are no others. */
  | { type: 'conversations_list'; conversations: Conversation[]; complete: boolean }
  | { type: 'new_message'; message: Message }
  | { type: 'message_updated'; message: Message }
  /** `removed`: without a tombstone, as in the dashboard; a list follows. */
  | { type: 'message_deleted'; conversation_id: Id; message_id: Id; edited_by?: Editor; removed?: boolean }
  | { type: 'messages_read'; conversation_id: Id; user_id: Id; message_id: Id; timestamp: Timestamp }
  | { type: 'messages_delivered'; conversation_id: Id; user_id: Id; message_id: Id }
  | { type: 'typing_start'; conversation_id: Id; user_id: Id }
  | { type: 'typing_stop'; conversation_id: Id; user_id: Id }
  | { type: 'conversation_joined'; conversation_id: Id }
  | { type: 'error'; code: string; message: string; conversation_id?: Id; client_id?: string }
  | { type: 'pong' }

export type ServerFrameType = ServerFrame['type']

export type ClientFrame =
  | { type: 'chat_message'; conversation_id: Id; message: string; client_id?: string; reply_to?: Id }
  | { type: 'typing_start'; conversation_id: Id }
  | { type: 'typing_stop'; conversation_id: Id }
  | { type: 'mark_as_read'; conversation_id: Id; message_id?: Id }
  | { type: 'join_conversation'; conversation_id: Id }
  | { type: 'ping' }

export type ClientFrameType = ClientFrame['type']

/** After these a client doesn't reconnect; after any other it does, with backoff. */
export const closeUnauthorized = 4401
export const closeAccountDisabled = 4403
