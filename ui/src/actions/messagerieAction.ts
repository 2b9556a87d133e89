import { isArrayOf, isConversation, isMessage, isScheduled, isUser } from '../protocol/decode'
import type { Conversation, Id, Message, Posting, Role, Scheduled, Timestamp, User } from '../protocol/resources'
import { apiCall, apiCommand, apiPage, apiPart, type Page } from './apiCall'

/** The caller's conversations, most recent activity first. `page` is the `next` of the page before. */
export function fetchConversations(
  userId: Id,
  options: { page?: string; limit?: number; signal?: AbortSignal } = {},
): Promise<Page<Conversation>> {
  const { page, limit, signal } = options
  return apiPage(
    { path: `/api/messagerie/conversations/${userId}/`, query: { limit, ...pageQuery(page) }, signal },
    isArrayOf(isConversation),
  )
}

/** One of the caller's own; a 403 means that it isn't, or doesn't exist. */
export function fetchConversation(userId: Id, id: Id, options: { signal?: AbortSignal } = {}): Promise<Conversation> {
  return apiCall({ path: `/api/messagerie/conversations/${userId}/${id}/`, signal: options.signal }, isConversation)
}

/** The server's longest page. */
const participantsPerPage = 200

/** The same with all of its participants, fetched page by page: the largest groups have thousands. */
export async function fetchWholeConversation(userId: Id, id: Id, options: { signal?: AbortSignal } = {}): Promise<Conversation> {
  const path = `/api/messagerie/conversations/${userId}/${id}/`
  const fetchPart = (query: Record<string, string | number>) => apiPart({ path, query, signal: options.signal }, isConversation)
  let { value: whole, next } = await fetchPart({ limit: participantsPerPage })
  while (next) {
    const part = await fetchPart(pageQuery(next))
    whole = {
      ...part.value,
      participants: [...whole.participants, ...part.value.participants],
      receipts: [...whole.receipts, ...part.value.receipts],
    }
    // A cursor that doesn't advance would loop forever.
    next = part.next === next ? null : part.next
  }
  return whole
}

export interface ConversationChange {
  /** Only for a group with `can.rename`. */
  title?: string
  /** For oneself only, like the following. */
  muted?: boolean
  /** Mutes until then. */
  muted_until?: Timestamp
  archived?: boolean
  pinned?: boolean
  marked_unread?: boolean
  /** Only for a group with `can.posting`. */
  posting?: Posting
}

export function updateConversation(id: Id, change: ConversationChange): Promise<Conversation> {
  return apiCall({ method: 'PATCH', path: `/api/messagerie/conversations/${id}/`, body: change }, isConversation)
}

export function addParticipants(id: Id, participants: Id[]): Promise<Conversation> {
  return apiCall(
    { method: 'POST', path: `/api/messagerie/conversations/${id}/participants/`, body: { participants } },
    isConversation,
  )
}

/** To leave, remove oneself. */
export function removeParticipants(id: Id, participants: Id[]): Promise<void> {
  return apiCommand({ method: 'DELETE', path: `/api/messagerie/conversations/${id}/participants/`, body: { participants } })
}

export interface FetchMessagesOptions {
  before?: Id
  after?: Id
  limit?: number
  /** The `next` of the previous page; its cursor overrides the others. */
  page?: string
  signal?: AbortSignal
}

/** Messages of a conversation, oldest first; the newest page when no cursor is given. */
export function fetchMessages(conversationId: Id, options: FetchMessagesOptions = {}): Promise<Page<Message>> {
  const { before, after, limit, page, signal } = options
  return apiPage(
    {
      path: `/api/messagerie/messages/${conversationId}/`,
      query: page ? pageQuery(page) : { before, after, limit },
      signal,
    },
    isArrayOf(isMessage),
  )
}

/** People of an establishment whom one may write to, best match first; [] below two characters. */
export function searchMessagerieRecipients(
  establishmentId: Id,
  query: string,
  options: { role?: Role; signal?: AbortSignal } = {},
): Promise<User[]> {
  return apiCall(
    { path: `/api/messagerie/search/${establishmentId}/`, query: { q: query, role: options.role }, signal: options.signal },
    isArrayOf(isUser),
  )
}

export interface GroupOptions {
  title?: string
  /** With a class the group follows it: its people are those of these roles in the class. */
  classId?: Id
  audience?: Role[]
}

/**
 * With one other person, creates or finds the direct conversation; with more, creates a group; with a class, creates or
 * finds the group of these people of the class.
 */
export function createConversation(
  participants: Id[],
  options: GroupOptions & { signal?: AbortSignal } = {},
): Promise<Conversation> {
  const { title, classId, audience, signal } = options
  return apiCall(
    {
      method: 'POST',
      path: '/api/messagerie/conversations/create/',
      body: { participants, ...(title ? { title } : {}), ...(classId ? { class_id: classId, audience } : {}) },
      signal,
    },
    isConversation,
  )
}

/** For programs without a socket; the chat sends through its socket. What is delivered later is a `Scheduled`. */
export function sendMessage(
  conversationId: Id,
  message: { content: string; client_id?: string; reply_to?: Id; attachments?: Id[]; deliver_at?: Timestamp; urgent?: boolean },
): Promise<Message | Scheduled> {
  return apiCall(
    { method: 'POST', path: `/api/messagerie/messages/${conversationId}/`, body: message },
    (answer): answer is Message | Scheduled => isMessage(answer) || isScheduled(answer),
  )
}

export function editMessage(message: Pick<Message, 'id' | 'conversation_id'>, content: string): Promise<Message> {
  return apiCall({ method: 'PATCH', path: messagePath(message), body: { content } }, isMessage)
}

/** Leaves a tombstone; the frame `message_deleted` brings it to every screen. */
export function deleteMessage(message: Pick<Message, 'id' | 'conversation_id'>): Promise<void> {
  return apiCommand({ method: 'DELETE', path: messagePath(message) })
}

/** Adding it again changes nothing; the frame `message_reactions` brings it to every screen. */
export function addReaction(message: Pick<Message, 'id' | 'conversation_id'>, emoji: string): Promise<void> {
  return apiCommand({ method: 'PUT', path: reactionPath(message, emoji) })
}

/** One's own; removing one that isn't there changes nothing. */
export function removeReaction(message: Pick<Message, 'id' | 'conversation_id'>, emoji: string): Promise<void> {
  return apiCommand({ method: 'DELETE', path: reactionPath(message, emoji) })
}

/** For everybody; pinning it again changes nothing. The frame `message_pins` brings it to every screen. */
export function pinMessage(message: Pick<Message, 'id' | 'conversation_id'>): Promise<void> {
  return apiCommand({ method: 'PUT', path: pinPath(message) })
}

export function unpinMessage(message: Pick<Message, 'id' | 'conversation_id'>): Promise<void> {
  return apiCommand({ method: 'DELETE', path: pinPath(message) })
}

function pinPath({ id, conversation_id: conversation }: Pick<Message, 'id' | 'conversation_id'>): string {
  return `/api/messagerie/conversations/${conversation}/pins/${id}/`
}

function reactionPath(message: Pick<Message, 'id' | 'conversation_id'>, emoji: string): string {
  return `${messagePath(message)}reactions/${encodeURIComponent(emoji)}/`
}

function messagePath(message: Pick<Message, 'id' | 'conversation_id'>): string {
  return `/api/messagerie/messages/${message.conversation_id}/${message.id}/`
}

function pageQuery(page: string | undefined): Record<string, string> {
  return page ? Object.fromEntries(new URLSearchParams(page)) : {}
}
