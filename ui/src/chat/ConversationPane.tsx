import { memo, useCallback, useMemo, useState } from 'react'
import { currentConnection } from '../actions/connection'
import { errorCode } from '../actions/apiCall'
import { useTranslation } from '../i18n/useTranslation'
import { lazily } from '../lib/lazily'
import { messageLink } from '../lib/messageLink'
import { isSamePlace, placeOfNumber, placeNumber } from '../lib/place'
import { TypingIndicator } from '../parts/TypingIndicator'
import type { Conversation, Id, Message, User } from '../protocol/resources'
import { composerField } from './composer/composerField'
import type { MessageAction } from './messages/MessageMenuPopup'
import { nothingSaid, placeOf } from './state/contacts'
import { conversationName, typingNames } from './state/conversations'
import { OpenConversation } from './state/openConversation'
import { useIntent } from './state/useIntent'
import { useMembers } from './state/useMembers'
import { usePins } from './state/usePins'
import type { Wanted } from './state/useWanted'
import { ConversationHeader } from './ConversationHeader'
import { useCopying } from './CopiedNote'
import { PaneComposer } from './PaneComposer'
import { PaneMessages } from './PaneMessages'
import type { Asked } from './MessageDialog'
import type { Chat } from './useChat'

export const ConversationDetails = lazily(() => import('./details/ConversationDetails').then((module) => module.ConversationDetails))
export const ConfirmDialog = lazily(() => import('../parts/ConfirmDialog').then((module) => module.ConfirmDialog))

/** What most messages are never asked. */
export const MessageDialog = lazily(() => import('./MessageDialog').then((module) => module.MessageDialog))
export const PinBar = lazily(() => import('./pins/PinBar').then((module) => module.PinBar))

interface ConversationPaneProps {
  chat: Chat
  /** With the id 0 if there is none yet: then it stands for the person being written to. */
  conversation: Conversation
  /** The message to show in its place; null for none. */
  wanted: Wanted | null
  onAtEnd: (isAtEnd: boolean) => void
  onShow: (conversationId: Id, messageId: Id) => void
  /** Searches in this conversation. */
  onFind: () => void
  onOpen: (conversationId: Id) => void
  onContact: (person: User) => void
  onBack: () => void
}

/**
 * The open conversation, or the place of somebody without a conversation yet: it is created with the first
 * message, so that just looking doesn't leave an empty one in the other person's list. Keyed by the group or person,
 * so that no state carries over from one to the next. Memoised, so that a search doesn't render it.
 */
export const ConversationPane = memo(function ConversationPane({ chat, conversation, wanted, onAtEnd, onShow, onFind, onOpen, onContact, onBack }: ConversationPaneProps) {
  const { t } = useTranslation()
  const { state } = chat
  const { userId } = state
  const id = conversation.conversation_id
  const name = conversationName(conversation, userId) || t(conversation.kind === 'group' ? 'chat.emptyGroup' : 'chat.unknown')
  const isNewContact = id === 0
  const thread = isNewContact ? nothingSaid : state.threads[id]
  const number = placeNumber(placeOf(conversation))
  const place = useMemo(() => placeOfNumber(number), [number])
  const outgoing = useMemo(() => state.outgoing.filter((one) => isSamePlace(one.place, place)), [state.outgoing, place])
  const [intent, setIntent] = useIntent(userId, place)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [deleting, setDeleting] = useState<Message | null>(null)
  const [showsDetails, setShowsDetails] = useState(false)
  const members = useMembers(chat, conversation, showsDetails)
  const { copy, copied } = useCopying(chat.dispatch)
  const [pinned, pin] = usePins(conversation, chat.dispatch)
  const hasPins = conversation.pinned_messages !== undefined
  const moderates = chat.me?.can?.moderate === true
  const open = useMemo(() => ({ userId, conversation, moderates, pinned: hasPins ? pinned : undefined }), [userId, conversation, moderates, pinned, hasPins])
  // A stable function, because a new one would render all bubbles again.
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
        case 'link':
          copy(messageLink(currentConnection().baseUrl, message))
          break
        case 'pin':
        case 'unpin':
          pin(message.id, action === 'pin')
          break
        default:
          setAsked({ action, message })
      }
    },
    [copy, pin, setIntent],
  )
  const shared = { chat, conversation, thread, outgoing, intent, onIntent: setIntent, onCopy: copy }

  return (
    <section className="pane" aria-label={t('chat.conversation', { name })}>
      <ConversationHeader
        conversation={conversation}
        userId={userId}
        name={name}
        onBack={onBack}
        onFind={isNewContact ? undefined : onFind}
        onDetails={isNewContact ? undefined : () => { setShowsDetails(true) }}
      />
      {pinned.length > 0 && thread && <PinBar conversation={conversation} pinned={pinned} messages={thread.messages} onShow={onShow} onUnpin={pin} />}
      <OpenConversation value={open}>
        <PaneMessages key={number} {...shared} wanted={wanted} onAction={act} onAtEnd={onAtEnd} />
      </OpenConversation>
      <TypingIndicator names={typingNames(state.typists, conversation)} />
      <PaneComposer {...shared} name={name} />
      {copied}
      {showsDetails && (
        <ConversationDetails
          commands={chat}
          conversation={conversation}
          conversations={state.conversations}
          members={members}
          establishmentIds={chat.me?.establishments.map((one) => one.id)}
          userId={userId}
          name={name}
          unsent={outgoing.length}
          onLeft={onBack}
          onUnread={() => {
            chat.changeConversation(id, { marked_unread: true }).catch((error: unknown) => {
              chat.dispatch({ type: 'noticed', code: errorCode(error) })
            })
          }}
          onGroup={(id) => {
            setShowsDetails(false)
            onOpen(id)
          }}
          onWrite={(person) => {
            setShowsDetails(false)
            onContact(person)
          }}
          onClose={() => {
            setShowsDetails(false)
          }}
        />
      )}
      {asked && (
        <MessageDialog
          {...asked}
          chat={chat}
          conversation={conversation}
          onOpen={onOpen}
          onContact={onContact}
          onCopy={copy}
          onClose={() => {
            setAsked(null)
          }}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={t('message.deleteTitle')}
          text={t('message.deleteText')}
          action={t('message.delete')}
          // Its menu is removed with it.
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
