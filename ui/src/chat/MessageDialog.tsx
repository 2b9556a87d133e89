import type { Conversation, Id, Message, User } from '../protocol/resources'
import { ForwardDialog } from './forward/ForwardDialog'
import { HistoryDialog } from './messages/HistoryDialog'
import { ReadersDialog } from './messages/ReadersDialog'
import { SelectDialog } from './messages/SelectDialog'
import type { Chat } from './useChat'

/** What the menu of a message opens a dialog for. */
export interface Asked {
  action: 'history' | 'forward' | 'select' | 'readers'
  message: Message
}

export interface MessageDialogProps extends Asked {
  chat: Chat
  conversation: Conversation
  onOpen: (conversationId: Id) => void
  onContact: (person: User) => void
  onCopy: (text: string) => void
  onClose: () => void
}

/** Loaded with the first of these dialogs. */
export function MessageDialog({ action, message, chat, conversation, onOpen, onContact, onCopy, onClose }: MessageDialogProps) {
  if (action === 'history') return <HistoryDialog message={message} onClose={onClose} />
  if (action === 'readers') return <ReadersDialog message={message} receipts={conversation.receipts} onClose={onClose} />
  if (action === 'select') return <SelectDialog message={message} onCopy={onCopy} onClose={onClose} />
  return (
    <ForwardDialog
      message={message}
      establishmentId={conversation.establishment_id || (chat.me?.establishments[0]?.id ?? 0)}
      userId={chat.state.userId}
      conversations={chat.state.conversations}
      onMore={chat.state.nextPage === null ? undefined : chat.loadMoreConversations}
      onSend={chat.send}
      onOpen={onOpen}
      onContact={onContact}
      onClose={onClose}
    />
  )
}
