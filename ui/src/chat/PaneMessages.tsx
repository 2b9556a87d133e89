import { useEffect, useMemo, useRef, useState } from 'react'
import { lazily } from '../lib/lazily'
import type { ConversationEvent } from '../protocol/events'
import type { Conversation, Message } from '../protocol/resources'
import { composerField } from './composer/composerField'
import { Attachments, loadSounds } from './files/parts'
import { MessageList } from './messages/MessageList'
import type { MessageAction } from './messages/MessageMenuPopup'
import { ThreadLoading } from './messages/ThreadLoading'
import type { Outgoing } from './state/chatState'
import { placeOf } from './state/contacts'
import type { Thread } from './state/thread'
import { storeDraft } from './state/useDraft'
import type { Intent } from './state/useIntent'
import type { Wanted } from './state/useWanted'
import { scheduledIn } from './state/scheduled'
import { zoneOf } from './state/writing'
import type { Chat } from './useChat'

const GroupEvents = lazily(() => import('./messages/GroupEvents').then((module) => module.GroupEvents))
const ScheduledRow = lazily(() => import('./scheduled/ScheduledRow').then((module) => module.ScheduledRow))

interface PaneMessagesProps {
  chat: Chat
  conversation: Conversation
  thread: Thread | undefined
  /** Its messages that the server hasn't confirmed yet. */
  outgoing: Outgoing[]
  wanted: Wanted | null
  intent: Intent
  onIntent: (intent: Intent) => void
  onAction: (message: Message, action: MessageAction) => void
  onCopy: (text: string) => void
  onAtEnd: (isAtEnd: boolean) => void
}

const none: readonly ConversationEvent[] = []

/** The messages of the open conversation, or why they aren't shown. */
export function PaneMessages({ chat, conversation, thread, outgoing, intent, onIntent, ...props }: PaneMessagesProps) {
  const { userId, scheduled: all } = chat.state
  const zone = zoneOf(conversation, chat.me)
  const id = conversation.conversation_id
  const scheduled = useMemo(() => scheduledIn(all, id), [all, id])
  const { reacting, link } = chat.state
  const isOffline = link.status !== 'open'
  const { react } = chat
  const reactions = useMemo(() => ({ reacting, isOffline, onReact: react }), [reacting, isOffline, react])
  const [events, setEvents] = useState<readonly ConversationEvent[]>(none)
  const reload = () => {
    chat.openThread(id)
  }
  const isDrawable = useDrawable(thread)
  useSilence(thread)
  if (!thread || !isDrawable || (thread.load.status !== 'ready' && thread.messages.length + outgoing.length === 0)) {
    return <ThreadLoading code={thread?.load.status === 'failed' ? thread.load.code : null} onRetry={reload} />
  }
  const { eventful } = chat.state
  return (
    <>
      {conversation.kind === 'group' && id !== 0 && thread.load.status === 'ready' && (
        <GroupEvents
          conversationId={id}
          from={thread.older.status === 'end' ? 0 : (thread.messages[0]?.id ?? 0)}
          version={`${link.epoch} ${eventful[id] ?? 0}`}
          onEvents={setEvents}
        />
      )}
      <MessageList
        userId={userId}
        conversation={conversation}
        thread={thread}
        outgoing={outgoing}
        zone={zone}
        reactions={reactions}
        events={events}
        scheduled={scheduled}
        renderScheduled={(one) => (
          <ScheduledRow
            scheduled={one}
            zone={zone}
            mayWrite={conversation.can_write !== false}
            onUrgent={
              chat.me?.can?.urgent
                ? ({ content, reply_to }) => {
                    chat.send(placeOf(conversation), content, reply_to, { urgent: true })
                  }
                : undefined
            }
            dispatch={chat.dispatch}
          />
        )}
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
        onRemoveFile={(key, thenSend) => {
          chat.dispatch({ type: 'fileChanged', key, change: null, ...(thenSend ? { delivery: { status: 'waiting' } } : {}) })
        }}
        {...props}
      />
    </>
  )
}

/** Whether the part that shows files is there, if the first messages have some: otherwise the list would move once it is. */
function useDrawable(thread: Thread | undefined): boolean {
  const [isDrawable, setIsDrawable] = useState(Attachments.isReady)
  const isLoaded = thread?.load.status === 'ready'
  const isNeeded = !isDrawable && thread?.messages.some(({ attachments }) => attachments?.length) === true
  useEffect(() => {
    if (isNeeded) void Attachments.preload().then(() => { setIsDrawable(true) })
  }, [isNeeded])
  if (isLoaded && !isNeeded && !isDrawable) setIsDrawable(true)
  return !isNeeded
}

/** What plays stops once its message is deleted: there is no player any more that could stop it. */
function useSilence(thread: Thread | undefined): void {
  const before = useRef<readonly Message[]>([])
  useEffect(() => {
    if (thread?.load.status !== 'ready') return
    const { messages, older, newer } = thread
    const from = older.status === 'end' ? 0 : (messages[0]?.id ?? Infinity)
    const to = newer.status === 'end' ? Infinity : (messages.at(-1)?.id ?? 0)
    const held = new Set(messages.flatMap(filesOf))
    const gone = before.current.filter(({ id }) => id >= from && id <= to).flatMap(filesOf).filter((id) => !held.has(id))
    before.current = messages
    if (gone.length > 0) loadSounds().then(({ dropSound }) => { for (const id of gone) dropSound(String(id)) }, () => undefined)
  }, [thread])
}

const filesOf = ({ attachments = [], deleted }: Message) => (deleted ? [] : attachments.map(({ id }) => id))
