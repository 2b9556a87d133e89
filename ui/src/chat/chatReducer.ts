import { assertNever } from '../lib/assertNever'
import type { Conversation, Id, Message } from '../protocol'
import { type Beyond, type ChatEvent, type ChatState, type Thread, typingLifetime } from './chatState'
import { addressed } from './contacts'
import { newerConversation } from './conversations'
import { reduceFrame, withConversation, withThread } from './frameReducer'
import { newsOfList, withNews } from './news'
import { handOver, keptElsewhere, mapOutgoing, restoreOutbox, rewrite, withdraw } from './outbox'
import { emptyThread, keepNewest, keepOldest, newestId, withMessages } from './thread'

/** All that can happen in a chat, as a pure function: time and chance come in with the events. */
export function chatReducer(state: ChatState, event: ChatEvent): ChatState {
  return addressed(reduce(state, event))
}

function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'frame':
      return reduceFrame(state, event.frame, event.at)
    case 'linkChanged':
      return changeLink(state, event.isConnected)
    case 'listLoaded':
      return withNews(
        {
          ...state,
          list: { status: 'ready' },
          listIsBehind: event.isFirstPage ? false : state.listIsBehind,
          // Fetching the first page again doesn't lose the place in the pages after it.
          nextPage: event.isFirstPage && state.list.status === 'ready' && state.nextPage ? state.nextPage : event.next,
          conversations: upsert(state.conversations, event.conversations),
        },
        newsOfList(state, event.conversations),
      )
    case 'listFailed':
      return {
        ...state,
        listIsBehind: false,
        list: state.list.status === 'ready' ? state.list : { status: 'failed', code: event.code },
      }
    case 'conversationFetched':
      return { ...state, conversations: upsert(state.conversations, [event.conversation]) }
    case 'peopleRemoved':
      return removePeople(state, event.conversationId, event.userIds)
    case 'threadOpened':
      return {
        ...state,
        threads: {
          ...state.threads,
          [event.conversationId]: { ...(state.threads[event.conversationId] ?? emptyThread), load: { status: 'loading' } },
        },
      }
    case 'threadLoaded': {
      // Loaded over an earlier link, or before there was one: something may have come in between.
      const isLive = state.link.status === 'open' && state.link.epoch === event.epoch
      return addFetched(event.hasNewer ? upTo(state, event.conversationId, newestId(event.messages)) : state, event.conversationId, event.messages, (thread) => ({
        ...thread,
        load: { status: 'ready' },
        older: { status: event.hasOlder ? 'more' : 'end' },
        newer: { status: event.hasNewer ? 'more' : 'end' },
        sync: isLive ? 'live' : 'stale',
        syncedTo: isLive ? newestId(thread.messages) : newestId(event.messages),
      }))
    }
    case 'threadFailed':
      return withThread(state, event.conversationId, (thread) => ({
        ...thread,
        load: { status: 'failed', code: event.code, epoch: event.epoch },
      }))
    case 'olderRequested':
      return withThread(state, event.conversationId, (thread) => ({ ...thread, older: { status: 'loading' } }))
    case 'olderLoaded':
      // Another stretch meanwhile: the page doesn't border on it.
      if (state.threads[event.conversationId]?.messages[0]?.id !== event.before) return state
      return addFetched(state, event.conversationId, event.messages, (thread) => ({
        ...keepOldest(thread),
        older: { status: event.hasOlder ? 'more' : 'end' },
      }))
    case 'olderFailed':
      return withThread(state, event.conversationId, (thread) => ({
        ...thread,
        older: { status: 'failed', code: event.code },
      }))
    case 'newerRequested':
      return withThread(state, event.conversationId, (thread) => ({ ...thread, newer: { status: 'loading' } }))
    case 'newerLoaded':
      if (newestId(state.threads[event.conversationId]?.messages ?? []) !== event.after) return state
      return addFetched(state, event.conversationId, event.messages, (thread) => ({
        ...keepNewest(thread),
        // What came live since the page was read isn't in it: then there is more.
        newer: event.hasNewer || (event.messages.length > 0 && isBehind(state, thread, event.conversationId)) ? { status: 'more' } : { status: 'end' },
        syncedTo: newestId(thread.messages),
      }))
    case 'newerFailed':
      return withThread(state, event.conversationId, (thread) => ({
        ...thread,
        newer: { status: 'failed', code: event.code },
      }))
    case 'latestLoaded':
      // Without a network a device answers what it has kept: that may be older than what we hold.
      if (newestId(event.messages) < newestId(state.threads[event.conversationId]?.messages ?? [])) {
        return reduce(state, { type: 'newerFailed', conversationId: event.conversationId, code: 'network' })
      }
      return addFetched(
        withThread(state, event.conversationId, (thread) => ({ ...thread, messages: [] })),
        event.conversationId,
        event.messages,
        (thread) => ({
          ...thread,
          older: { status: event.hasOlder ? 'more' : 'end' },
          newer: { status: isBehind(state, thread, event.conversationId) ? 'more' : 'end' },
          syncedTo: newestId(thread.messages),
        }),
      )
    case 'messagesFetched':
      return addFetched(state, event.conversationId, bordering(state, event.conversationId, event.messages), (thread) => ({
        ...thread,
        syncedTo: Math.max(thread.syncedTo, newestId(event.messages)),
      }))
    case 'caughtUp':
      if (state.link.epoch !== event.epoch) return state
      return withThread(state, event.conversationId, (thread) => ({
        ...thread,
        sync: 'live',
        syncedTo: newestId(thread.messages),
      }))
    case 'written':
      return { ...state, outgoing: [...state.outgoing, event.outgoing] }
    case 'outboxRestored':
      return restoreOutbox(state, event.outgoing)
    case 'keptElsewhere':
      return keptElsewhere(state, event.outgoing)
    case 'handedOver':
      return handOver(state, event.clientIds)
    case 'placeRefused':
      return mapOutgoing(state, (one) => one.conversationId === event.conversationId && one.delivery.status === 'waiting', { status: 'failed', code: event.code })
    case 'retried':
      return mapOutgoing(state, (one) => one.clientId === event.clientId, { status: 'waiting' })
    case 'rewritten':
      return rewrite(state, event)
    case 'withdrawn':
      return withdraw(state, event.clientId)
    case 'watching':
      return state.watched === event.conversationId ? state : { ...state, watched: event.conversationId }
    case 'readReported':
      return withConversation(
        { ...state, reported: { ...state.reported, [event.conversationId]: event.messageId } },
        event.conversationId,
        (conversation) => ({ ...conversation, unread_count: 0 }),
      )
    case 'messageEdited':
      return reduceFrame(state, { type: 'message_updated', message: event.message }, 0)
    case 'messageDeleted':
      return reduceFrame(
        state,
        { type: 'message_deleted', conversation_id: event.conversationId, message_id: event.messageId },
        0,
      )
    case 'typingExpired':
      return { ...state, typists: state.typists.filter((one) => event.at - one.since < typingLifetime) }
    case 'noticed':
      return { ...state, notice: event }
    case 'noticeClosed':
      return { ...state, notice: null }
    default:
      return assertNever(event)
  }
}

/** With the link goes what was only true on it: who types, what is on its way, what is in step. */
function changeLink(state: ChatState, isConnected: boolean): ChatState {
  const threads = Object.fromEntries(
    Object.entries(state.threads).map(([id, thread]) => [id, onNewLink(thread, isConnected)]),
  )
  return {
    ...mapOutgoing(state, (one) => one.delivery.status === 'sending', { status: 'waiting' }),
    threads,
    typists: [],
    reported: {},
    link: { status: isConnected ? 'opening' : 'down', epoch: state.link.epoch + 1 },
  }
}

/** What couldn't be loaded without a link may be asked for again once there is one. */
function onNewLink(thread: Thread, isConnected: boolean): Thread {
  const again = (beyond: Beyond): Beyond => (isConnected && beyond.status === 'failed' ? { status: 'more' } : beyond)
  return { ...thread, sync: 'stale', older: again(thread.older), newer: again(thread.newer) }
}

/** Who is removed leaves the group; where it is oneself, the group leaves the list. */
function removePeople(state: ChatState, id: Id, userIds: Id[]): ChatState {
  if (userIds.includes(state.userId)) {
    return {
      ...state,
      conversations: without(state.conversations, id),
      threads: without(state.threads, id),
      outgoing: state.outgoing.filter((one) => one.conversationId !== id),
    }
  }
  return withConversation(state, id, (conversation) => ({
    ...conversation,
    participants: conversation.participants.filter((user) => !userIds.includes(user.id)),
    receipts: conversation.receipts.filter((receipt) => !userIds.includes(receipt.user_id)),
  }))
}

function addFetched(
  state: ChatState,
  conversationId: Id,
  messages: Message[],
  settle: (thread: ChatState['threads'][Id]) => ChatState['threads'][Id],
): ChatState {
  const own = new Set(messages.filter((one) => one.sender_id === state.userId).map((one) => one.client_id))
  return {
    ...withThread(state, conversationId, (thread) => settle(withMessages(thread, messages))),
    outgoing: state.outgoing.filter((one) => !own.has(one.clientId)),
  }
}

/** A live frame told of a message that the stretch doesn't reach. */
function isBehind(state: ChatState, thread: Thread, conversationId: Id): boolean {
  return (state.conversations[conversationId]?.last_message?.id ?? 0) > newestId(thread.messages)
}

/** Live messages that overtook the page which is now loaded, and leave a gap before them, come again later. */
function upTo(state: ChatState, conversationId: Id, newest: Id): ChatState {
  return withThread(state, conversationId, (thread) => ({
    ...thread,
    messages: thread.messages.filter((message) => message.id <= newest),
  }))
}

/** Of messages fetched for the end of a conversation those that our stretch can take without a gap. */
function bordering(state: ChatState, conversationId: Id, messages: Message[]): Message[] {
  const thread = state.threads[conversationId]
  if (!thread || thread.newer.status === 'end') return messages
  const oldest = thread.messages[0]?.id ?? 0
  const newest = newestId(thread.messages)
  return messages.filter((message) => message.id >= oldest && message.id <= newest)
}

function upsert(known: Record<Id, Conversation>, incoming: Conversation[]): Record<Id, Conversation> {
  const merged = { ...known }
  for (const one of incoming) merged[one.conversation_id] = newerConversation(known[one.conversation_id], one)
  return merged
}

function without<T>(record: Record<Id, T>, id: Id): Record<Id, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => Number(key) !== id))
}
