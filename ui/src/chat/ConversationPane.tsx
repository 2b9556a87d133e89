import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../i18n/errorText'
import type { Conversation, Id } from '../protocol'
import { Composer, type Intent } from './Composer'
import { ConfirmDelete } from './ConfirmDelete'
import { ConversationHeader } from './ConversationHeader'
import { conversationName } from './conversations'
import { MessageList } from './MessageList'
import type { MessageAction } from './MessageMenu'
import { senderName } from './MessageRow'
import { ThreadLoading } from './ThreadLoading'
import { TypingIndicator } from './TypingIndicator'
import type { Chat } from './useChat'
import { storeDraft } from './useDraft'

interface ConversationPaneProps {
  chat: Chat
  conversation: Conversation
  onAtEnd: (isAtEnd: boolean) => void
  onBack: () => void
}

/** The open conversation. Its key is the conversation's id: nothing crosses from one to the next. */
export function ConversationPane({ chat, conversation, onAtEnd, onBack }: ConversationPaneProps) {
  const { t } = useTranslation()
  const { state } = chat
  const { userId } = state
  const id = conversation.conversation_id
  const name = conversationName(conversation, userId) || t(conversation.kind === 'group' ? 'chat.emptyGroup' : 'chat.unknown')
  const thread = state.threads[id]
  const outgoing = state.outgoing.filter((one) => one.conversationId === id)
  const [intent, setIntent] = useState<Intent>({ kind: 'write' })
  const [deleting, setDeleting] = useState<Id | null>(null)
  // Counts how often a text was put into the composer from outside.
  const [revision, setRevision] = useState(0)

  const find = (messageId: Id | null) => thread?.messages.find((message) => message.id === messageId)
  const rest = () => {
    setIntent({ kind: 'write' })
  }
  const act = (messageId: Id, action: MessageAction) => {
    const message = find(messageId)
    if (!message) return
    if (action === 'copy') void navigator.clipboard.writeText(message.content)
    else if (action === 'delete') setDeleting(messageId)
    else if (action === 'edit') setIntent({ kind: 'edit', message })
    else {
      const sender = senderName(conversation, message.sender_id) ?? t('chat.unknown')
      setIntent({ kind: 'reply', message, name: message.sender_id === userId ? null : sender })
    }
  }
  const rewrite = (clientId: string) => {
    const failed = outgoing.find((one) => one.clientId === clientId)
    if (!failed) return
    storeDraft(userId, id, failed.content)
    setRevision(revision + 1)
    chat.withdraw(clientId)
  }

  return (
    <section className="pane" aria-label={t('chat.conversation', { name })}>
      <ConversationHeader conversation={conversation} userId={userId} name={name} onBack={onBack} />
      {state.notice && (
        <div className="notice" role="alert">
          <span>{errorText(t, state.notice.code)}</span>
          <button
            type="button"
            className="icon-button is-small"
            aria-label={t('create.close')}
            onClick={() => {
              chat.dispatch({ type: 'noticeClosed' })
            }}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      )}
      {thread && (thread.load.status === 'ready' || thread.messages.length > 0 || outgoing.length > 0) ? (
        <MessageList
          userId={userId}
          conversation={conversation}
          thread={thread}
          outgoing={outgoing}
          onOlder={() => {
            chat.loadOlder(id)
          }}
          onReload={() => {
            chat.openThread(id)
          }}
          onAtEnd={onAtEnd}
          onAction={act}
          onRetry={chat.retry}
          onRewrite={rewrite}
        />
      ) : (
        <ThreadLoading
          code={thread?.load.status === 'failed' ? thread.load.code : null}
          onRetry={() => {
            chat.openThread(id)
          }}
        />
      )}
      <TypingIndicator names={typingNames(chat, conversation)} />
      <Composer
        key={revision}
        userId={userId}
        conversationId={id}
        name={name}
        intent={intent}
        socket={chat.socket}
        onSend={(content, replyTo) => {
          chat.send(id, content, replyTo)
          rest()
        }}
        onEdit={chat.edit}
        onCancel={rest}
      />
      {deleting !== null && (
        <ConfirmDelete
          onConfirm={() => {
            const message = find(deleting)
            if (message) chat.remove(message)
            setDeleting(null)
          }}
          onClose={() => {
            setDeleting(null)
          }}
        />
      )}
    </section>
  )
}

function typingNames({ state }: Chat, conversation: Conversation): string[] {
  return state.typists
    .filter((typist) => typist.conversationId === conversation.conversation_id)
    .map((typist) => conversation.participants.find((user) => user.id === typist.userId)?.first_name ?? '')
    .filter(Boolean)
}
