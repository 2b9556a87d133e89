import type { ReactNode } from 'react'
import type { Conversation, Id, Me, Message } from '../../protocol/resources'
import type { WebSocketHandle } from '../socket/useWebSocket'
import type { Outgoing } from '../state/chatState'
import type { SendOptions } from '../state/sending'
import type { Intent } from '../state/useIntent'

export interface ComposerProps {
  userId: Id
  conversation: Conversation
  name: string
  intent: Intent
  /** The message that the intent is about, if it is loaded. */
  message: Message | undefined
  /** It was deleted; also set if it isn't loaded. */
  isGone: boolean
  /** The unconfirmed message that is being rewritten. */
  unsent: Outgoing | undefined
  /** The code of why nothing can be sent; '' if it can. */
  refusal: string
  me: Me | null
  zone: string | undefined
  /** Above the field, and beside its button. */
  note?: ReactNode
  menu?: ReactNode
  onCopy: (text: string) => void
  /** Of the open link, 0 if there is none. */
  epoch: number
  socket: WebSocketHandle
  onSend: (content: string, replyTo: Id | null, options?: SendOptions) => void
  /** Rejects with an ApiError if it is refused. */
  onEdit: (messageId: Id, content: string) => Promise<void>
  /** Whether the edit is to be saved over the next link, because only this one failed. */
  onDue: (messageId: Id, isDue: boolean) => void
  onRewrite: (clientId: string, content: string, mentions: readonly Id[]) => void
  onEditLast: () => void
  /** Back to writing a message. */
  onRest: () => void
}
