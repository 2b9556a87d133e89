import type { ServerFrame } from '../../protocol/frames'
import type { Id } from '../../protocol/resources'

/** The frames that contain the same data as responses. */
export type Heard = Extract<
  ServerFrame,
  { type: 'conversations_list' | 'new_message' | 'message_updated' | 'message_deleted' | 'message_reactions' | 'message_pins' | 'messages_read' | 'messages_delivered' }
>

/** The requests in progress, and the frames received since the first of them was sent. */
export interface Requests {
  underWay: Record<number, { heardBefore: number; epoch: number }>
  frames: readonly Heard[]
  /** How many frames were received before the first of `frames`. */
  forgotten: number
}

export const noRequests: Requests = { underWay: {}, frames: [], forgotten: 0 }

export function isHeard(frame: ServerFrame): frame is Heard {
  return 'conversations' in frame || 'message_id' in frame || 'pinned_messages' in frame || (typeof (frame as { message?: unknown }).message === 'object')
}

/** The conversation of a frame; null for a list. */
export function conversationOf(frame: Heard): Id | null {
  switch (frame.type) {
    case 'conversations_list':
      return null
    case 'new_message':
    case 'message_updated':
      return frame.message.conversation_id
    default:
      return frame.conversation_id
  }
}
