import { assertNever } from '../../lib/assertNever'
import { conversationIn } from '../../lib/place'
import type { ServerFrame } from '../../protocol/frames'
import type { Conversation, Id } from '../../protocol/resources'
import { inDoubt } from './backlog'
import type { EventOf, ListEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { isAtOrAbove } from './conversations'
import { afterFrames, asTold, isIn, type KnownConversation, withBacklog } from './knownConversation'
import { newsOfList, withNews } from './news'
import { heardSince, isOfEarlierLink } from './requests'
import { withConversation, withConversations, withoutConversation } from './stateChanges'

type List = Extract<ServerFrame, { type: 'conversations_list' }>

/** The known conversations, and how far down the list is loaded. */
export function reduceList(state: ChatState, event: ListEvent): ChatState {
  switch (event.type) {
    case 'listLoaded':
      return loadList(state, event)
    case 'listFailed':
      return { ...state, list: state.list.status === 'ready' ? state.list : { status: 'failed', code: event.code } }
    case 'conversationFetched':
      return fetchConversation(state, event)
    case 'conversationRefused':
      return refuseConversation(state, event)
    case 'peopleRemoved':
      return removePeople(state, event)
    default:
      return assertNever(event)
  }
}

/** A list replaces what is known. Conversations that are as recent and aren't in it are no longer the user's. */
export function receiveList(state: ChatState, list: List): ChatState {
  const told = new Set(list.conversations.map((one) => one.conversation_id))
  let next: ChatState = { ...state, list: { status: 'ready' }, listCount: state.listCount + 1, link: state.link.status === 'opening' ? { ...state.link, status: 'open' } : state.link }
  next = withConversations(next, list.conversations.map((one) => asTold(one, state.conversations[one.conversation_id], state.userId)))
  const absent = Object.values(state.conversations).filter((one) => !told.has(one.conversation_id) && isIn(list, one))
  next = list.complete ? absent.reduce((rest, one) => withoutConversation(rest, one.conversation_id), next) : doubted(next, absent)
  return withTail(withNews(next, newsOfList(state, list.conversations)), list)
}

/** Handles an incomplete list: the loaded part below its last conversation may have changed. */
function withTail(state: ChatState, list: List): ChatState {
  const { loadedTo, nextPage } = state
  if (list.complete) return { ...state, nextPage: null, isTailStale: false }
  const isOpen = loadedTo === null || nextPage === null || !isIn(list, loadedTo)
  // Conversations further down were fetched individually.
  const single = Object.values(state.conversations).filter((one) => !isIn(list, one) && !isLoaded(state, one))
  return doubted({ ...state, isTailStale: state.isTailStale || isOpen }, single)
}

function isLoaded({ loadedTo, nextPage }: ChatState, one: KnownConversation): boolean {
  return loadedTo !== null && (nextPage === null || isAtOrAbove(one, loadedTo))
}

function loadList(state: ChatState, event: EventOf<'listLoaded'>): ChatState {
  const { request, conversations, page, isKept } = event
  const frames = heardSince(state, request)
  const lists = frames.filter((frame) => frame.type === 'conversations_list')
  const told = conversations.flatMap((one) => toldNow(state, one, frames, isKept) ?? [])
  const next = withNews(withConversations(withLoaded(state, event), told), newsOfList(state, told))
  if (isKept) return next
  const listed = new Set(lists.flatMap((list) => list.conversations).map((one) => one.conversation_id))
  if (isOfEarlierLink(state, request) && told.some((one) => !listed.has(one.conversation_id))) return { ...next, isTailStale: true }
  if (page !== null) return next
  for (const one of conversations) listed.add(one.conversation_id)
  const absent = Object.values(state.conversations).filter((one) => !listed.has(one.conversation_id) && (conversations.length === 0 || isLoaded(next, one)))
  return lists.reduce(withTail, { ...doubted(next, absent), isTailStale: false })
}

/** Updates how far down the list is loaded. A page that doesn't continue the loaded ones doesn't change that. */
function withLoaded(state: ChatState, { conversations, page, next: nextPage, isKept }: EventOf<'listLoaded'>): ChatState {
  const ready: ChatState = { ...state, list: { status: 'ready' } }
  const isNext = isKept ? state.list.status !== 'ready' : page === null || page === state.nextPage
  return isNext ? { ...ready, nextPage, loadedTo: conversations.at(-1) ?? (page === null ? null : state.loadedTo) } : ready
}

function fetchConversation(state: ChatState, { request, conversation, isKept }: EventOf<'conversationFetched'>): ChatState {
  const told = toldNow(state, conversation, heardSince(state, request), isKept)
  if (!told) return state
  const next = withNews(withConversation(state, told), newsOfList(state, [told]))
  return isOfEarlierLink(state, request) && !wasListedSince(state, request, told.conversation_id) ? doubted(next, [told]) : next
}

/** Null if it adds nothing. */
function toldNow(state: ChatState, told: Conversation, frames: ReturnType<typeof heardSince>, isKept = false): KnownConversation | null {
  const known = state.conversations[told.conversation_id]
  if (isKept && known) return null
  return afterFrames(asTold(told, known, state.userId), frames, state.userId)
}

/** Marks them to be fetched from the server. */
function doubted(state: ChatState, told: readonly Conversation[]): ChatState {
  if (told.length === 0) return state
  const conversations = { ...state.conversations }
  for (const { conversation_id: id } of told) {
    const one = conversations[id]
    if (one) conversations[id] = withBacklog(one, inDoubt(one.backlog))
  }
  return { ...state, conversations }
}

function refuseConversation(state: ChatState, { request, conversationId }: EventOf<'conversationRefused'>): ChatState {
  return wasListedSince(state, request, conversationId) ? state : withoutConversation(state, conversationId)
}

/** Removes people from a group; if the user is among them, removes the group from the list, with its waiting messages. */
function removePeople(state: ChatState, { request, conversationId: id, userIds }: EventOf<'peopleRemoved'>): ChatState {
  const known = state.conversations[id]
  const isTold = wasListedSince(state, request, id)
  if (userIds.includes(state.userId)) {
    const left = { ...state, outgoing: state.outgoing.filter((one) => conversationIn(one.place) !== id) }
    return isTold && known ? doubted(left, [known]) : withoutConversation(left, id)
  }
  if (!known || isTold) return state
  return withConversation(state, {
    ...known,
    participant_count: known.participant_count - userIds.length,
    participants: known.participants.filter((user) => !userIds.includes(user.id)),
    receipts: known.receipts.filter((receipt) => !userIds.includes(receipt.user_id)),
  })
}

function wasListedSince(state: ChatState, request: number, id: Id): boolean {
  return heardSince(state, request).some(
    (frame) => frame.type === 'conversations_list' && frame.conversations.some((one) => one.conversation_id === id),
  )
}
