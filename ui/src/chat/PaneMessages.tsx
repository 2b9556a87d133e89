import type { Conversation, Message } from '../protocol/resources'
import { composerField } from './composer/composerField'
import { MessageList } from './messages/MessageList'
import type { MessageAction } from './messages/MessageMenuPopup'
import { ThreadLoading } from './messages/ThreadLoading'
import type { Outgoing } from './state/chatState'
import { placeOf } from './state/contacts'
import type { Thread } from './state/thread'
import { storeDraft } from './state/useDraft'
import type { Intent } from './state/useIntent'
import type { Chat } from './useChat'

interface PaneMessagesProps {
  chat: Chat
  conversation: Conversation
  thread: Thread | undefined
  /** Its messages that the server hasn't confirmed yet. */
  outgoing: Outgoing[]
  intent: Intent
  onIntent: (intent: Intent) => void
  onAction: (message: Message, action: MessageAction) => void
  onCopy: (text: string) => void
  onAtEnd: (isAtEnd: boolean) => void
}

/** The messages of the open conversation, or why they aren't shown. */
export function PaneMessages({ chat, conversation, thread, outgoing, intent, onIntent, ...props }: PaneMessagesProps) {
  const { userId } = chat.state
  const id = conversation.conversation_id
  const reload = () => {
    chat.openThread(id)
  }
  if (!thread || (thread.load.status !== 'ready' && thread.messages.length === 0 && outgoing.length === 0)) {
    return <ThreadLoading code={thread?.load.status === 'failed' ? thread.load.code : null} onRetry={reload} />
  }
  return (
    <MessageList
      userId={userId}
      conversation={conversation}
      thread={thread}
      outgoing={outgoing}
      onOlder={() => {
        chat.loadOlder(id)
      }}
      onNewer={() => {
        chat.loadNewer(id)
      }}
      onLatest={() => {
        chat.loadLatest(id)
      }}
      onReload={reload}
      onRetry={chat.retry}
      onRewrite={(clientId) => {
        onIntent({ kind: 'rewrite', clientId })
      }}
      onDiscard={(clientId) => {
        storeDraft({ userId, place: placeOf(conversation), of: clientId }, '')
        if (intent.kind === 'rewrite' && intent.clientId === clientId) onIntent({ kind: 'write' })
        chat.withdraw(clientId)
        // Its buttons are removed with it, and so is the menu, which has the focus until then.
        window.setTimeout(() => composerField()?.focus())
      }}
      {...props}
    />
  )
}
