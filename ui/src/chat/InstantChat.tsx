import './chat.css'
import './list.css'
import './messages.css'
import './bubble.css'
import './composer.css'
import './dialogs.css'
import './forcedColours.css'
import { type ReactNode, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { lazily } from '../lib/lazily'
import type { Id, User } from '../protocol'
import { Announcer } from './Announcer'
import { composerField } from './composerField'
import { ConnectionStatus } from './ConnectionStatus'
import { ConversationList } from './ConversationList'
import { ConfirmDialog, ConversationDetails, ConversationPane } from './ConversationPane'
import { personAt, placeOf } from './contacts'
import { directWith } from './conversations'
import { MessageMenuPopup } from './MessageMenu'
import type { Draft } from './NewConversation'
import { NoConversation } from './NoConversation'
import { Notice } from './Notice'
import { StyleScope } from './StyleScope'
import { useChat } from './useChat'
import { useContactSearch } from './useContactSearch'
import { useNotifications } from './useNotifications'
import { useAttention, useReadMarking } from './useReadMarking'
import { useUnreadCount } from './useUnreadCount'

const noDraft: Draft = { chosen: [], title: '' }
const NewConversation = lazily(() => import('./NewConversation').then((module) => module.NewConversation))
/** The first conversation comes before them. */
const preloadAfter = 3_000

export interface InstantChatProps {
  /** The person whom the token is for. */
  userProfileId: Id
  /** One of theirs: among its people new conversations find theirs. */
  establishmentId: Id
  /**
   * Given together with onSelect, the caller holds the selection, in an address for instance. Below
   * zero it is a person to whom one writes for the first time; once they have a conversation, that is
   * selected in its place (`isSamePlace`: no step of a history).
   */
  selectedId?: Id | null
  onSelect?: (conversationId: Id | null, isSamePlace?: boolean) => void
  /** What else belongs to the head of the list, as the account's menu. */
  menu?: ReactNode
  /** Hears how many messages are unread where notifications aren't off, at first and on each change. */
  onUnread?: (count: number) => void
}

/**
 * The whole chat: the list and the open conversation side by side, or one of them on a phone. Where
 * the server is and who is calling says `configureConnection`, before this is shown. A lost
 * connection comes back by itself; a token that is refused is told to `onSessionEnd`.
 */
export function InstantChat({ userProfileId, establishmentId, menu, ...props }: InstantChatProps) {
  const [ownSelection, setOwnSelection] = useState<Id | null>(null)
  const selectedId = props.selectedId === undefined ? ownSelection : props.selectedId
  const select: NonNullable<InstantChatProps['onSelect']> = props.onSelect ?? setOwnSelection
  const [query, setQuery] = useState('')
  const [isCreating, setIsCreating] = useState(false)
  const [draft, setDraft] = useState(noDraft)
  // The conversation whose end is in sight.
  const [endInSight, setEndInSight] = useState<Id | null>(null)

  const chat = useChat(userProfileId, selectedId)
  const { state, dispatch, startConversation } = chat
  const newContact = selectedId === null ? null : personAt(selectedId)
  const contacts = useContactSearch(establishmentId, query)
  const conversation = selectedId === null ? undefined : state.conversations[selectedId]

  const isAttentive = useAttention()
  useReadMarking(state, dispatch, conversation && isAttentive && endInSight === selectedId ? selectedId : null, chat.socket.markAsRead)
  useUnreadCount(state.conversations, props.onUnread)
  useWholeList(query, newContact !== null, state.nextPage, chat.loadMoreConversations)
  usePreloading(state.list.status === 'ready')

  const back = useCallback(() => {
    select(null)
  }, [select])

  // Who leaves a conversation finds the focus on its line. By a step back in the history
  // the list shows only a moment after the press.
  const shownId = useRef<Id | null>(null)
  useEffect(() => {
    if (selectedId === null && shownId.current !== null) {
      // A group that one has left has no line any more.
      const line = `[data-conversation="${shownId.current}"]`
      const target = document.querySelector<HTMLElement>(line) ?? document.querySelector<HTMLElement>('[data-conversation]')
      target?.focus()
    }
    shownId.current = selectedId
  }, [selectedId])

  const reportEnd = useCallback(
    (isAtEnd: boolean) => {
      setEndInSight(isAtEnd ? selectedId : null)
    },
    [selectedId],
  )
  const open = useCallback(
    (conversationId: Id) => {
      setQuery('')
      setIsCreating(false)
      select(conversationId)
      // One that isn't open yet takes the focus by itself.
      if (conversationId === shownId.current) composerField()?.focus()
    },
    [select],
  )
  useNotifications(state.heard, state.conversations, userProfileId, open)
  const openContact = (person: User) => {
    const known = directWith(state.conversations, userProfileId, person.id)
    if (!known) chat.writeTo(person)
    open(known?.conversation_id ?? placeOf(person.id))
  }
  const met = newContact === null ? undefined : directWith(state.conversations, userProfileId, newContact)?.conversation_id
  const isMet = met !== undefined && met !== selectedId
  const meet = useEffectEvent(() => {
    if (met !== undefined) select(met, true)
  })
  useEffect(() => {
    if (isMet) meet()
  }, [isMet])

  return (
    <Panes view={selectedId === null ? 'list' : 'conversation'}>
      <ConversationList
        state={state}
        selectedId={selectedId}
        query={query}
        contacts={contacts}
        menu={menu}
        onQuery={setQuery}
        onSelect={open}
        onContact={openContact}
        onCreate={() => {
          setIsCreating(true)
        }}
        onMore={chat.loadMoreConversations}
      />
      <ConnectionStatus
        link={chat.socket.link}
        waiting={state.outgoing.filter((one) => one.delivery.status !== 'failed').length}
        onReconnect={chat.socket.reconnect}
      />
      {conversation ? (
        <ConversationPane
          key={conversation.conversation_id}
          chat={chat}
          conversation={conversation}
          onAtEnd={reportEnd}
          onBack={back}
        />
      ) : (
        <NoConversation
          state={selectedId === null ? 'none' : chat.isSelectionAbsent && !isMet ? 'absent' : 'loading'}
          place={{ userId: userProfileId, conversationId: selectedId ?? 0 }}
          unsent={state.outgoing.filter((one) => one.conversationId === selectedId)}
          dispatch={dispatch}
          onDiscard={chat.withdraw}
          onBack={back}
        />
      )}
      {state.notice && (
        <Notice
          notice={state.notice}
          onClose={() => {
            dispatch({ type: 'noticeClosed' })
          }}
        />
      )}
      <Announcer userId={userProfileId} heard={state.heard} conversations={state.conversations} />
      {isCreating && (
        <NewConversation
          establishmentId={establishmentId}
          draft={draft}
          onDraft={setDraft}
          onPerson={(person) => {
            setDraft(noDraft)
            openContact(person)
          }}
          onGroup={startConversation}
          onStarted={(conversationId) => {
            setDraft(noDraft)
            open(conversationId)
          }}
          onClose={() => {
            setIsCreating(false)
          }}
        />
      )}
    </Panes>
  )
}

function Panes({ view, children }: { view: 'list' | 'conversation'; children: ReactNode }) {
  return (
    <StyleScope>
      <div className="chat" data-view={view}>
        {children}
      </div>
    </StyleScope>
  )
}

/** Who looks for a conversation, or writes to somebody, gets page after page of the list: it may stand on any. */
function useWholeList(query: string, isWanted: boolean, nextPage: string | null, onMore: () => void): void {
  const more = useEffectEvent(onMore)
  const search = query.trim()
  useEffect(() => {
    if (nextPage !== null && (search !== '' || isWanted)) more()
  }, [search, isWanted, nextPage])
}

/** What may be pressed next is fetched once the browser has nothing else to do: then it opens at once, and without a connection. */
function usePreloading(isIdle: boolean): void {
  useEffect(() => {
    if (!isIdle) return
    const timer = window.setTimeout(() => {
      for (const part of [MessageMenuPopup, NewConversation, ConversationDetails, ConfirmDialog]) part.preload()
    }, preloadAfter)
    return () => {
      window.clearTimeout(timer)
    }
  }, [isIdle])
}
