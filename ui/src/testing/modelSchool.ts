import type { ServerFrame } from '../protocol/frames'
import type { Conversation, Editor, Id, Message, MessageStatus, Reaction, Receipt, User } from '../protocol/resources'

interface Member {
  lastRead: Id
  lastDelivered: Id
  muted: boolean
}

interface StoredMessage {
  id: Id
  senderId: Id
  content: string
  clientId: string
  editedAt: string | null
  editedBy: Editor
  deleted: boolean
  /** Who has reacted to it, all with the same emoji. */
  reacted: Id[]
}

interface StoredConversation {
  id: Id
  kind: Conversation['kind']
  title: string
  members: Map<Id, Member>
  /** By ascending id. */
  messages: StoredMessage[]
}

export const viewer: Id = 1

/**
 * A minimal model of the server: the state, one viewer's view of it and the frames that this viewer
 * gets for each change. Tests compare a client with it.
 */
export class ModelSchool {
  /** Called with each frame in the order of the changes, and with null if the viewer's list has to be sent again. */
  announce: (frame: ServerFrame | null) => void = () => undefined
  readonly conversations = new Map<Id, StoredConversation>()
  private lastId = 0
  private edits = 0

  found(kind: Conversation['kind'], userIds: Id[]): StoredConversation {
    const newest: Member = { lastRead: 0, lastDelivered: 0, muted: false }
    const made: StoredConversation = { id: ++this.lastId, kind, title: '', members: new Map(), messages: [] }
    for (const userId of new Set([viewer, ...userIds])) made.members.set(userId, { ...newest })
    this.conversations.set(made.id, made)
    this.announce(null)
    return made
  }

  drop(one: StoredConversation): void {
    this.conversations.delete(one.id)
    this.announce(null)
  }

  /** Stored once per client_id; null if the sender isn't in it. */
  send(one: StoredConversation, senderId: Id, content: string, clientId = ''): Message | null {
    if (!one.members.has(senderId)) return null
    const known = clientId && one.messages.find((message) => message.clientId === clientId && message.senderId === senderId)
    const stored = known || { id: ++this.lastId, senderId, content, clientId, editedAt: null, editedBy: '', deleted: false, reacted: [] }
    if (!known) one.messages.push(stored)
    const message = this.messageView(one, stored)
    this.tell(one, { type: 'new_message', message })
    return message
  }

  /** By its author, or by an administrator, who can restore a deleted message in this way. */
  edit(one: StoredConversation, message: StoredMessage, editedBy: Editor): Message {
    this.edits += 1
    const isBack = message.deleted
    Object.assign(message, { content: `edit ${this.edits}`, editedAt: time(1_000_000 + this.edits), editedBy, deleted: false })
    const view = this.messageView(one, message)
    this.tell(one, { type: 'message_updated', message: view })
    if (isBack) this.announce(null)
    return view
  }

  /** Leaves the tombstone. */
  delete(one: StoredConversation, message: StoredMessage, editedBy: Editor): void {
    if (message.deleted) return
    Object.assign(message, { content: '', editedBy, deleted: true, reacted: [] })
    this.tell(one, { type: 'message_deleted', conversation_id: one.id, message_id: message.id, edited_by: editedBy })
  }

  /** Adds the reaction of a person, or removes it. */
  react(one: StoredConversation, message: StoredMessage, userId: Id, adds = !message.reacted.includes(userId)): void {
    if (message.deleted || message.reacted.includes(userId) === adds) return
    message.reacted = adds ? [...message.reacted, userId] : message.reacted.filter((id) => id !== userId)
    this.tell(one, { type: 'message_reactions', conversation_id: one.id, message_id: message.id, reactions: reactionsOf(message) })
  }

  /** In the dashboard, without a tombstone. */
  remove(one: StoredConversation, message: StoredMessage): void {
    one.messages = one.messages.filter((other) => other !== message)
    this.tell(one, { type: 'message_deleted', conversation_id: one.id, message_id: message.id, edited_by: 'administration', removed: true })
    this.announce(null)
  }

  read(one: StoredConversation, userId: Id, upTo: Id): void {
    const member = one.members.get(userId)
    const messageId = one.messages.findLast(({ id }) => id <= upTo)?.id ?? 0
    if (!member || messageId <= member.lastRead) return
    member.lastRead = messageId
    member.lastDelivered = Math.max(member.lastDelivered, messageId)
    this.tell(one, { type: 'messages_read', conversation_id: one.id, user_id: userId, message_id: messageId, timestamp: '' })
  }

  deliver(one: StoredConversation, userId: Id): void {
    const member = one.members.get(userId)
    const newest = one.messages.at(-1)?.id ?? 0
    if (!member || newest <= member.lastDelivered) return
    const isConcerned = one.messages.some(({ id, senderId }) => id > member.lastDelivered && senderId === viewer)
    member.lastDelivered = newest
    // Only the senders get this frame.
    if (isConcerned) this.tell(one, { type: 'messages_delivered', conversation_id: one.id, user_id: userId, message_id: newest })
  }

  change(one: StoredConversation, change: { title?: string; muted?: boolean }): void {
    const member = one.members.get(viewer)
    if (change.title !== undefined) one.title = change.title
    if (change.muted !== undefined && member) member.muted = change.muted
    this.announce(null)
  }

  /** For somebody who joins, the history counts as read. */
  join(one: StoredConversation, userId: Id): void {
    const newest = one.messages.at(-1)?.id ?? 0
    if (one.kind === 'group' && !one.members.has(userId)) one.members.set(userId, { lastRead: newest, lastDelivered: newest, muted: false })
    this.announce(null)
  }

  leave(one: StoredConversation, userId: Id): void {
    if (one.kind === 'group') one.members.delete(userId)
    this.announce(null)
  }

  private tell(one: StoredConversation, frame: ServerFrame): void {
    if (one.members.has(viewer)) this.announce(frame)
  }

  /** The viewer's conversations, most recent activity first. */
  list(): Conversation[] {
    const own = [...this.conversations.values()].filter(({ members }) => members.has(viewer)).map((one) => this.conversationView(one))
    return own.sort((a, b) => b.updated_at.localeCompare(a.updated_at) || b.conversation_id - a.conversation_id)
  }

  conversationView(one: StoredConversation): Conversation {
    const me = one.members.get(viewer)
    const last = one.messages.at(-1)
    const unread = one.messages.filter(({ id, senderId, deleted }) => id > (me?.lastRead ?? 0) && senderId !== viewer && !deleted)
    return {
      conversation_id: one.id,
      participants: [...one.members.keys()].sort().map(person),
      participant_count: one.members.size,
      last_message: last ? this.messageView(one, last) : null,
      created_at: time(one.id),
      updated_at: time(last?.id ?? one.id),
      unread_count: unread.length,
      kind: one.kind,
      title: one.title,
      establishment_id: 123,
      muted: me?.muted ?? false,
      managed_by: 0,
      can: { rename: false, add: false, remove: false, leave: one.kind === 'group' },
      receipts: [...one.members].map(([userId, { lastRead, lastDelivered }]): Receipt => ({ user_id: userId, last_read: lastRead, last_delivered: lastDelivered })),
    }
  }

  messageView(one: StoredConversation, message: StoredMessage): Message {
    const { id, senderId, content, clientId, editedAt, editedBy, deleted } = message
    return {
      id,
      conversation_id: one.id,
      sender_id: senderId,
      content,
      timestamp: time(id),
      is_read: false,
      client_id: clientId,
      status: statusIn(one, message),
      reply_to: null,
      edited_at: editedAt,
      edited_by: editedBy,
      deleted,
      reactions: reactionsOf(message),
    }
  }
}

export const modelEmoji = '👍'

function reactionsOf({ reacted }: StoredMessage): Reaction[] {
  return reacted.length > 0 ? [{ emoji: modelEmoji, user_ids: reacted }] : []
}

function statusIn({ members }: StoredConversation, { id, senderId }: StoredMessage): MessageStatus {
  const others = [...members].filter(([userId]) => userId !== senderId).map(([, member]) => member)
  if (others.length === 0) return 'sent'
  if (others.every(({ lastRead }) => lastRead >= id)) return 'read'
  return others.every(({ lastRead, lastDelivered }) => Math.max(lastRead, lastDelivered) >= id) ? 'delivered' : 'sent'
}

function person(id: Id): User {
  return { id, first_name: `First ${id}`, last_name: `Last ${id}`, email: '', role: 'teacher' }
}

function time(seconds: number): string {
  return new Date(Date.UTC(2026, 8, 1) + seconds * 1_000).toISOString()
}
