import type { Conversation, Id, Message, User } from '../protocol/resources'
import { ForwardDialog } from './forward/ForwardDialog'
import { PersonPanel } from './details/PersonPanel'
import { sharedGroups } from './details/sharedGroups'
import { HistoryDialog } from './messages/HistoryDialog'
import { ReadersDialog } from './messages/ReadersDialog'
import { SelectDialog } from './messages/SelectDialog'
import { directWith, participantOf } from './state/conversations'
import type { Chat } from './useChat'

/** What the menu of a message opens a dialog for. */
export interface Asked {
  action: 'private' | 'history' | 'forward' | 'select' | 'readers'
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
  const { userId, conversations } = chat.state
  if (action === 'private') {
    const sender = participantOf(conversation, message.sender_id)
    return (
      sender && (
        <PersonPanel
          person={sender}
          establishmentIds={[conversation.establishment_id]}
          isKnown={directWith(conversations, userId, sender.id) !== undefined}
          shared={sharedGroups(conversations, userId, sender.id)}
          onGroup={(id) => {
            onClose()
            onOpen(id)
          }}
          onWrite={() => {
            onContact(sender)
          }}
          onClose={onClose}
        />
      )
    )
  }
  return (
    <ForwardDialog
      message={message}
      establishmentId={conversation.establishment_id || (chat.me?.establishments[0]?.id ?? 0)}
      userId={userId}
      conversations={conversations}
      onMore={chat.state.nextPage === null ? undefined : chat.loadMoreConversations}
      onSend={chat.send}
      onOpen={onOpen}
      onContact={onContact}
      onClose={onClose}
    />
  )
}
