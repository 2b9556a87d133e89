import '../parts/avatar.css'
import '../parts/switch.css'
import '../parts/typing.css'
import '../parts/unsent.css'
import './chat.css'
import './socket/connection.css'
import './list/list.css'
import './list/lines.css'
import './find/find.css'
import './messages/messages.css'
import './messages/bubble.css'
import './composer/composer.css'
import '../parts/modal.css'
import './leaving.css'
import './people/people.css'
import './details/details.css'
import './forcedColours.css'
import { type ReactNode, useCallback, useEffect, useEffectEvent, useState } from 'react'
import { conversationIn, isSamePlace, personIn, type Place } from '../lib/place'
import { lazily } from '../lib/lazily'
import { inTurn } from '../lib/whenIdle'
import type { Id, User } from '../protocol/resources'
import { CannotWrite } from './composer/Composer'
import { Mentions } from './composer/useMentions'
import { composerField } from './composer/composerField'
import { Attachments, ChosenFiles, DropZone, Recorder } from './files/parts'
import { ContactResults, ConversationList } from './list/ConversationList'
import type { ListFilter } from './list/useListed'
import { MessageMenuPopup } from './messages/MessageMenu'
import { Failure } from './messages/MessageRow'
import { Announcer } from './notify/Announcer'
import { loadNotices, useNotifications } from './notify/useNotifications'
import { CreateConversation, NewConversation } from './people/CreateConversation'
import type { Draft } from './people/NewConversation'
import { SendMenuPopup } from './scheduled/SendMenu'
import { ConnectionStatus } from './socket/ConnectionStatus'
import type { ChatState } from './state/chatState'
import { conversationAt, paneKey } from './state/contacts'
import { directWith } from './state/conversations'
import { useContactSearch } from './state/useContactSearch'
import { useAttention, useReadMarking } from './state/useReadMarking'
import { useResting } from './state/useResting'
import { useUnreadCount } from './state/useUnreadCount'
import { ConfirmDialog, ConversationDetails, ConversationPane, MessageDialog } from './ConversationPane'
import { LeaveDialog, Leaving } from './Leaving'
import { AbsentConversation, NoConversation } from './NoConversation'
import { Panes } from './Panes'
import { type CallerProps, useChat } from './useChat'
import { useFinding } from './useFinding'
import { type SelectionProps, useMeeting, useReturnToLine, useSelection } from './useSelection'

const Notice = lazily(() => import('./Notice').then((module) => module.Notice))
const PauseBanner = lazily(() => import('./PauseBanner').then((module) => module.PauseBanner))
const ScheduledLine = lazily(() => import('./scheduled/ScheduledLine').then((module) => module.ScheduledLine))
const ListTools = lazily(() => import('./list/ListTools').then((module) => module.ListTools))
const Divider = lazily(() => import('./Divider').then((module) => module.Divider))
const Shortcuts = lazily(() => import('./Shortcuts').then((module) => module.Shortcuts))
const LinkRefresh = lazily(() => import('./state/LinkRefresh').then((module) => module.LinkRefresh))
const FoundMessages = lazily(() => import('./find/FoundMessages').then((module) => module.FoundMessages))
const ReachNote = lazily(() => import('./people/ReachNote').then((module) => module.ReachNote))

const noDraft: Draft = { chosen: [], title: '' }
/** Waits for the first conversation to load first; in milliseconds. */
const preloadAfter = 3_000
/** The same for what is shown then. */
const refreshAfter = 500

export interface InstantChatProps extends SelectionProps, CallerProps {
  /** The person to whom the token belongs. */
  userProfileId: Id
  /** One of theirs: new conversations are with its people. */
  establishmentId: Id
  /** Shown in the header of the list, such as the account's menu. */
  menu?: ReactNode
  /**
   * Set it when the person wants to log out: it shows what would be lost. `onLeave` is called once they agree, or at
   * once if nothing would be lost; `onStay` if they cancel. Call `forgetDevice` after the log-out.
   */
  leaving?: { onLeave: () => void; onStay: () => void } | undefined
  /** Called initially and on each change with the number of unread messages, without muted conversations. */
  onUnread?: (count: number) => void
}

/**
 * The whole chat: the list and the open conversation side by side, or one of them on a phone. Set the
 * server and the caller with `configureConnection` before this is rendered. It reconnects by itself;
 * `onSessionEnd` is called when the token is refused.
 */
export function InstantChat({ userProfileId, establishmentId, menu, ...props }: InstantChatProps) {
  const [selected, select, messageId] = useSelection(props)
  const finding = useFinding(conversationIn(selected), messageId, select)
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<ListFilter>('all')
  const [isCreating, setIsCreating] = useState(false)
  const [draft, setDraft] = useState(noDraft)
  // The place whose end is in view.
  const [endInSight, setEndInSight] = useState<Place | null>(null)

  const chat = useChat(userProfileId, selected, props, finding.wanted)
  const { state, me, newContacts, dispatch, startConversation } = chat
  const isNewContact = personIn(selected) !== null
  const contacts = useContactSearch(establishmentId, query)
  const met = useMeeting(selected, state, select)
  const conversation = selected ? (conversationAt(selected, state.conversations, newContacts) ?? met) : undefined

  const isAttentive = useAttention()
  useReadMarking(state, dispatch, conversation && isAttentive && endInSight === selected ? conversationIn(selected) : null, chat.socket.markAsRead)
  const isResting = useResting(me?.quiet_until)
  useUnreadCount(state, isResting, props.onUnread)
  useWholeList(query, isNewContact || filter !== 'all', state.nextPage, chat.loadMoreConversations)
  usePreloading(state.list.status === 'ready')
  const isRefreshed = useRefreshing(state, conversation?.conversation_id)

  const back = useCallback(() => {
    select(null)
  }, [select])

  const isShown = useReturnToLine(selected, messageId, finding.isSearchWanted)
  const reportEnd = useCallback(
    (isAtEnd: boolean) => {
      setEndInSight(isAtEnd ? selected : null)
    },
    [selected],
  )
  const { onWithin } = finding
  const open = useCallback(
    (place: Place) => {
      setQuery('')
      onWithin(null)
      setIsCreating(false)
      select(place)
      // A place that isn't open yet focuses itself.
      if (isShown(place)) composerField()?.focus()
    },
    [select, isShown, onWithin],
  )
  const openConversation = useCallback(
    (id: Id) => {
      open({ conversation: id })
    },
    [open],
  )
  useNotifications(state, isResting, openConversation)
  const { writeTo } = chat
  const openContact = useCallback(
    (person: User) => {
      const known = directWith(state.conversations, userProfileId, person.id)
      if (!known) writeTo(person)
      open(known ? { conversation: known.conversation_id } : { person: person.id })
    },
    [state.conversations, userProfileId, writeTo, open],
  )
  const create = () => {
    setIsCreating(true)
  }
  return (
    <Panes view={selected === null ? 'list' : 'conversation'}>
      {me?.pause && <PauseBanner pause={me.pause} zone={me.establishments[0]?.timezone} />}
      <ConversationList
        state={state}
        newContacts={newContacts}
        selected={selected}
        query={query}
        contacts={contacts}
        within={finding.within}
        found={
          <FoundMessages
            query={query.trim()}
            state={state}
            within={finding.within}
            shownId={conversation?.conversation_id}
            shownMessageId={finding.wanted?.messageId}
            onWithin={onWithin}
            onOpen={finding.showMessage}
          />
        }
        onAll={() => {
          onWithin(null)
        }}
        menu={menu}
        filter={filter}
        onFilter={setFilter}
        tools={isRefreshed && <ListTools state={state} filter={filter} shownId={conversation?.conversation_id} dispatch={dispatch} onFilter={setFilter} onChange={chat.changeConversation} onRead={chat.socket.markAsRead} onClose={back} />}
        note={isRefreshed && <ScheduledLine state={state} me={me} dispatch={dispatch} onOpen={openConversation} />}
        nobodyNote={<ReachNote establishmentId={establishmentId} />}
        onQuery={setQuery}
        onSelect={open}
        onContact={openContact}
        onCreate={create}
        onMore={chat.loadMoreConversations}
      />
      <ConnectionStatus
        link={chat.socket.link}
        waiting={state.outgoing.filter((one) => one.delivery.status !== 'failed').length}
        onReconnect={chat.socket.reconnect}
      />
      {conversation ? (
        <ConversationPane
          key={paneKey(conversation, userProfileId)}
          chat={chat}
          conversation={conversation}
          wanted={finding.wanted}
          onAtEnd={reportEnd}
          onShow={finding.showMessage}
          onFind={finding.findHere}
          onOpen={openConversation}
          onContact={openContact}
          onBack={back}
        />
      ) : (
        <NoConversation
          userId={userProfileId}
          home={{ state, me, onOpen: openConversation, onCreate: create }}
          place={selected}
          isAbsent={isNewContact ? state.list.status === 'ready' && !met : chat.isSelectionAbsent}
          unsent={state.outgoing.filter((one) => isSamePlace(one.place, selected))}
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
      {isRefreshed && <><Divider /><Shortcuts onFind={finding.find} /></>}
      {isRefreshed && <LinkRefresh state={state} me={me} dispatch={dispatch} onRefresh={chat.refreshMe} />}
      <Announcer userId={userProfileId} heard={state.heard} conversations={state.conversations} />
      {props.leaving && <Leaving state={state} newContacts={newContacts} {...props.leaving} />}
      {isCreating && (
        <CreateConversation
          establishmentId={establishmentId}
          draft={draft}
          onDraft={setDraft}
          onPerson={(person) => {
            setDraft(noDraft)
            openContact(person)
          }}
          onGroup={startConversation}
          onStarted={(id) => {
            setDraft(noDraft)
            openConversation(id)
          }}
          onClose={() => {
            setIsCreating(false)
          }}
        />
      )}
    </Panes>
  )
}

/** During a search, or when writing to a new contact, loads all pages of the list: the conversation may be on any. */
function useWholeList(query: string, isWanted: boolean, nextPage: string | null, onMore: () => void): void {
  const more = useEffectEvent(onMore)
  const search = query.trim()
  useEffect(() => {
    if (nextPage !== null && (search !== '' || isWanted)) more()
  }, [search, isWanted, nextPage])
}

/**
 * Whether the first conversation is shown, and the server is one that knows of rules and scheduled messages. Only once
 * there is a link: a part that can't be fetched stays absent.
 */
function useRefreshing({ link, list, conversations, threads }: ChatState, shownId: Id | undefined): boolean {
  const [isDue, setIsDue] = useState(false)
  const isShown = list.status === 'ready' && (!shownId || threads[shownId]?.load.status === 'ready')
  const knows = Object.values(conversations).some((one) => one.can_write !== undefined)
  const isReady = isShown && knows && link.status === 'open'
  useEffect(() => {
    if (!isReady) return
    const timer = window.setTimeout(() => {
      setIsDue(true)
    }, refreshAfter)
    return () => {
      window.clearTimeout(timer)
    }
  }, [isReady])
  return isDue
}

/** Preloads what may be opened next once the browser is idle: it then opens at once, even offline. */
function usePreloading(isIdle: boolean): void {
  useEffect(() => {
    if (!isIdle) return
    const parts = [MessageMenuPopup, NewConversation, ConversationDetails, ConfirmDialog, LeaveDialog, AbsentConversation, ContactResults, FoundMessages, CannotWrite, Notice, Failure, SendMenuPopup, MessageDialog, Mentions, Attachments, ChosenFiles, DropZone, Recorder]
    return inTurn([...parts.map((part) => () => part.preload()), loadNotices], preloadAfter)
  }, [isIdle])
}
