import { assertNever } from '../../lib/assertNever'
import type { Id, Message } from '../../protocol/resources'
import type { EventOf, ThreadEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { type Beyond, emptyThread, keepNewest, keepOldest, newestId, type Page, pageAfterFrames, pageWithin, type Thread, withPage } from './thread'
import { reduceFrame } from './frameReducer'
import { heardSince, isOfThisLink } from './requests'
import { withThread } from './stateChanges'

/** The loaded ranges of messages. */
export function reduceThread(state: ChatState, event: ThreadEvent): ChatState {
  switch (event.type) {
    case 'threadOpened':
      return openThread(state, event)
    case 'stretchLoaded':
      return loadStretch(state, event)
    case 'threadFailed':
      return withThread(state, event.conversationId, (thread) => ({ ...thread, load: { status: 'failed', code: event.code, epoch: event.epoch } }))
    case 'olderRequested':
      return withBeyond(state, event, 'older', () => ({ status: 'loading' }))
    case 'newerRequested':
      return withBeyond(state, event, 'newer', () => ({ status: 'loading' }))
    case 'olderFailed':
      return withBeyond(state, event, 'older', (beyond) => failed(beyond, event.code))
    case 'newerFailed':
      return withBeyond(state, event, 'newer', (beyond) => failed(beyond, event.code))
    case 'olderLoaded':
      return loadOlder(state, event)
    case 'newerLoaded':
      return loadNewer(state, event)
    case 'messagesRefreshed':
      return refreshMessages(state, event)
    case 'caughtUp':
      return catchUp(state, event)
    case 'messageEdited':
      return applyEdit(state, event)
    case 'messageDeleted':
      return applyDeletion(state, event)
    default:
      return assertNever(event)
  }
}

function withBeyond(state: ChatState, { conversationId }: { conversationId: Id }, side: 'older' | 'newer', change: (beyond: Beyond) => Beyond): ChatState {
  return withThread(state, conversationId, (thread) => ({ ...thread, [side]: change(thread[side]) }))
}

/** Another range may have replaced the one for which it was requested. */
function failed(beyond: Beyond, code: string): Beyond {
  return beyond.status === 'loading' ? { status: 'failed', code } : beyond
}

function openThread(state: ChatState, { conversationId }: EventOf<'threadOpened'>): ChatState {
  const opened: Thread = { ...(state.threads[conversationId] ?? emptyThread), load: { status: 'loading' } }
  return { ...state, threads: { ...state.threads, [conversationId]: opened } }
}

function loadStretch(state: ChatState, event: EventOf<'stretchLoaded'>): ChatState {
  const { request, messages, hasOlder, hasNewer, isKept = false } = event
  const response = { ...event, after: hasOlder ? beforeFirst(messages) : 0, upTo: hasNewer || isKept ? newestId(messages) : Infinity }
  return withResponse(state, response, (thread, page) => ({
    ...thread,
    load: { status: 'ready' },
    older: { status: hasOlder ? 'more' : 'end' },
    newer: { status: hasNewer ? 'more' : 'end' },
    sync: isOfThisLink(state, request) && !isKept ? 'live' : 'stale',
    // Live messages are newer than the cached page.
    messages: isKept ? pageWithin(page, 0, (thread.messages[0]?.id ?? Infinity) - 1).messages.concat(thread.messages) : page.messages,
    gone: [],
  }))
}

function loadOlder(state: ChatState, event: EventOf<'olderLoaded'>): ChatState {
  const { request, conversationId, before, messages, hasOlder } = event
  // Another range by now: the page doesn't adjoin it.
  if (state.threads[conversationId]?.messages[0]?.id !== before) return state
  return withResponse(state, { ...event, after: hasOlder ? beforeFirst(messages) : 0, upTo: before - 1 }, (thread, page) =>
    keepOldest({
      ...thread,
      messages: withPage(thread.messages, page),
      older: { status: hasOlder ? 'more' : 'end' },
      sync: isOfThisLink(state, request) ? thread.sync : 'stale',
    }),
  )
}

function loadNewer(state: ChatState, event: EventOf<'newerLoaded'>): ChatState {
  const { request, conversationId, after, messages, hasNewer } = event
  if (newestId(state.threads[conversationId]?.messages ?? []) !== after) return state
  return withResponse(state, { ...event, upTo: hasNewer ? newestId(messages) : Infinity }, (thread, page) =>
    keepNewest({
      ...thread,
      messages: withPage(thread.messages, page),
      newer: { status: hasNewer ? 'more' : 'end' },
      sync: isOfThisLink(state, request) ? thread.sync : 'stale',
    }),
  )
}

/** Refreshes a part of the loaded range. If another range has replaced it, only the part within that is used. */
function refreshMessages(state: ChatState, event: EventOf<'messagesRefreshed'>): ChatState {
  const { messages, hasNewer } = event
  return withResponse(state, { ...event, upTo: hasNewer ? newestId(messages) : Infinity }, (thread, page) => {
    const end = thread.newer.status === 'end' ? Infinity : newestId(thread.messages)
    return { ...thread, messages: withPage(thread.messages, pageWithin(page, startOf(thread), end)) }
  })
}

/** The message from which on all are loaded. */
function startOf({ older, messages }: Thread): Id {
  return older.status === 'end' ? 0 : (messages[0]?.id ?? 0)
}

function beforeFirst(messages: readonly Message[]): Id {
  return (messages[0]?.id ?? 1) - 1
}

function catchUp(state: ChatState, { request, conversationId, after }: EventOf<'caughtUp'>): ChatState {
  if (!isOfThisLink(state, request)) return state
  return withThread(state, conversationId, (thread) => {
    // Unless a response requested on an earlier link was merged in the meantime.
    return startOf(thread) > after || after === 0 ? { ...thread, sync: 'live' } : thread
  })
}

/** Applies the response about one message, which changes nothing else. */
function applyEdit(state: ChatState, { request, message }: EventOf<'messageEdited'>): ChatState {
  const frames = heardSince(state, request)
  const [now] = pageAfterFrames({ messages: [message], after: message.id - 1, upTo: message.id }, frames, message.conversation_id).messages
  return now ? reduceFrame(state, { type: 'message_updated', message: now }, 0) : state
}

/** As if its frame had arrived, unless later ones have. */
function applyDeletion(state: ChatState, { request, conversationId, messageId }: EventOf<'messageDeleted'>): ChatState {
  const isHeard = heardSince(state, request).some(
    (frame) => (frame.type === 'message_deleted' && frame.message_id === messageId) || (frame.type === 'message_updated' && frame.message.id === messageId),
  )
  return isHeard ? state : reduceFrame(state, { type: 'message_deleted', conversation_id: conversationId, message_id: messageId }, 0)
}

interface ThreadResponse extends Page {
  request: number
  conversationId: Id
}

/** Messages of the user's in a response are confirmed by it. */
function withResponse(state: ChatState, response: ThreadResponse, settle: (thread: Thread, page: Page) => Thread): ChatState {
  const { request, conversationId, messages } = response
  const stored = new Set(messages.filter((one) => one.sender_id === state.userId).map((one) => one.client_id))
  const page = pageAfterFrames(response, heardSince(state, request), conversationId)
  const isConfirmed = state.outgoing.some((one) => stored.has(one.clientId))
  return {
    ...withThread(state, conversationId, (thread) => settle(thread, page)),
    outgoing: isConfirmed ? state.outgoing.filter((one) => !stored.has(one.clientId)) : state.outgoing,
  }
}
