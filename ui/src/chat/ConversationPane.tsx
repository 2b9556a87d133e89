import { memo, useCallback, useMemo, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { assertNever } from '../lib/assertNever'
import { lazily } from '../lib/lazily'
import type { Conversation, Id, Message } from '../protocol'
import type { Outgoing, Thread } from './chatState'
import { Composer } from './Composer'
import { composerField } from './composerField'
import { ConversationHeader } from './ConversationHeader'
import { useCopying } from './CopiedNote'
import { personAt } from './contacts'
import { conversationName, typingNames } from './conversations'
import { MessageList } from './MessageList'
import type { MessageAction } from './MessageMenu'
import { mayBeChanged } from './outbox'
import { ThreadLoading } from './ThreadLoading'
import { TypingIndicator } from './TypingIndicator'
import type { Chat } from './useChat'
import { storeDraft } from './useDraft'
import { type Intent, isCorrecting, useIntent } from './useIntent'

export const ConversationDetails = lazily(() => import('./ConversationDetails').then((module) => module.ConversationDetails))
export const ConfirmDialog = lazily(() => import('./ConfirmDialog').then((module) => module.ConfirmDialog))

interface ConversationPaneProps {
  chat: Chat
  conversation: Conversation
  onAtEnd: (isAtEnd: boolean) => void
  onBack: () => void
}

/**
 * The open conversation, or the place of somebody to whom one hasn't written yet: their conversation is
 * made for the first message, so whoever only looks leaves nothing empty at the other's. Its key is the
 * conversation's id: nothing crosses from one to the next. Memoised: a search leaves it alone.
 */
export const ConversationPane = memo(function ConversationPane({ chat, conversation, onAtEnd, onBack }: ConversationPaneProps) {
  const { t } = useTranslation()
  const { state } = chat
  const { userId } = state
  const id = conversation.conversation_id
  const name = conversationName(conversation, userId) || t(conversation.kind === 'group' ? 'chat.emptyGroup' : 'chat.unknown')
  const thread = state.threads[id]
  const outgoing = useMemo(() => state.outgoing.filter((one) => one.conversationId === id), [state.outgoing, id])
  const [intent, setIntent] = useIntent(userId, id)
  const [deleting, setDeleting] = useState<Message | null>(null)
  const [showsDetails, setShowsDetails] = useState(false)

  const rest = () => {
    setIntent({ kind: 'write' })
  }
  const { copy, copied } = useCopying(chat.dispatch)
  // One function for all bubbles and all times: a new one would render each of them anew.
  const act = useCallback(
    (message: Message, action: MessageAction) => {
      switch (action) {
        case 'copy':
          copy(message.content)
          break
        case 'delete':
          setDeleting(message)
          break
        case 'edit':
        case 'reply':
          setIntent({ kind: action, messageId: message.id })
          break
        default:
          assertNever(action)
      }
    },
    [copy, setDeleting, setIntent],
  )
  const aboutId = intent.kind === 'reply' || intent.kind === 'edit' ? intent.messageId : null
  const rewrittenId = intent.kind === 'rewrite' ? intent.clientId : null
  const isAbout = ({ id: messageId, client_id, sender_id }: Message) => messageId === aboutId || (client_id === rewrittenId && sender_id === userId)
  const about = thread?.messages.find(isAbout)

  return (
    <section className="pane" aria-label={t('chat.conversation', { name })}>
      <ConversationHeader
        conversation={conversation}
        userId={userId}
        name={name}
        onBack={onBack}
        onDetails={personAt(id) === null ? () => { setShowsDetails(true) } : undefined}
      />
      {thread && (thread.load.status === 'ready' || thread.messages.length > 0 || outgoing.length > 0) ? (
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
          onReload={() => {
            chat.openThread(id)
          }}
          onAtEnd={onAtEnd}
          onAction={act}
          onCopy={copy}
          onRetry={chat.retry}
          onRewrite={(clientId) => {
            setIntent({ kind: 'rewrite', clientId })
          }}
          onDiscard={(clientId) => {
            storeDraft({ userId, conversationId: id, of: clientId }, '')
            if (intent.kind === 'rewrite' && intent.clientId === clientId) rest()
            chat.withdraw(clientId)
            // Its buttons go with it; so does the menu, which holds the focus until then.
            window.setTimeout(() => composerField()?.focus())
          }}
        />
      ) : (
        <ThreadLoading
          code={thread?.load.status === 'failed' ? thread.load.code : null}
          onRetry={() => {
            chat.openThread(id)
          }}
        />
      )}
      <TypingIndicator names={typingNames(state.typists, conversation)} />
      <Composer
        userId={userId}
        conversation={conversation}
        name={name}
        intent={intent}
        message={about}
        isGone={about?.deleted ?? (aboutId !== null && thread?.early[aboutId] === 'deleted')}
        unsent={outgoing.find((one) => one.clientId === rewrittenId)}
        epoch={state.link.status === 'open' ? state.link.epoch : 0}
        socket={chat.socket}
        onSend={(content, replyTo) => {
          chat.send(id, content, replyTo)
          // It stands at the end: that is where one wants to be then.
          if (thread && thread.newer.status !== 'end') chat.loadLatest(id)
          rest()
        }}
        onEdit={(messageId, content) => chat.edit({ id: messageId, conversation_id: id }, content)}
        onDue={(messageId, isDue) => {
          // It may have been given up before that was known.
          if (isCorrecting(userId, id, messageId)) setIntent({ kind: 'edit', messageId, isDue })
        }}
        onRewrite={chat.rewrite}
        onEditLast={() => {
          const last = correctionOfLast(userId, thread, outgoing)
          if (last) setIntent(last)
        }}
        onRest={rest}
      />
      {copied}
      {showsDetails && (
        <ConversationDetails
          commands={chat}
          conversation={conversation}
          userId={userId}
          name={name}
          unsent={outgoing.length}
          onLeft={onBack}
          onClose={() => {
            setShowsDetails(false)
          }}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={t('message.deleteTitle')}
          text={t('message.deleteText')}
          action={t('message.delete')}
          // Its menu goes with it.
          focusAfter={composerField}
          onConfirm={() => {
            chat.remove(deleting)
            setDeleting(null)
          }}
          onClose={() => {
            setDeleting(null)
          }}
        />
      )}
    </section>
  )
})

/** Of what one wrote last, unless that is on its way or not among what is loaded. */
function correctionOfLast(userId: Id, thread: Thread | undefined, outgoing: Outgoing[]): Intent | null {
  const unsent = outgoing.at(-1)
  if (unsent) return mayBeChanged(unsent) ? { kind: 'rewrite', clientId: unsent.clientId } : null
  if (thread?.newer.status !== 'end') return null
  const stored = thread.messages.findLast((message) => message.sender_id === userId && !message.deleted)
  return stored ? { kind: 'edit', messageId: stored.id } : null
}
