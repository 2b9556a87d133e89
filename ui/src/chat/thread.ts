import type { Id, Message, MessageStatus } from '../protocol'
import { messageStatuses } from '../protocol'
import type { Thread } from './chatState'

export const emptyThread: Thread = {
  load: { status: 'loading' },
  older: { status: 'end' },
  newer: { status: 'end' },
  messages: [],
  syncedTo: 0,
  sync: 'stale',
  early: {},
}

/** Adds messages in whatever order they came, each once, and keeps what is newest of each. */
export function withMessages(thread: Thread, incoming: readonly Message[]): Thread {
  if (incoming.length === 0) return thread
  const byId = new Map(thread.messages.map((message) => [message.id, message]))
  for (const message of incoming) {
    const known = byId.get(message.id)
    byId.set(message.id, applyChange(known ? newerMessage(known, message) : message, thread.early[message.id]))
  }
  const messages = [...byId.values()].sort((a, b) => a.id - b.id)
  const early = Object.fromEntries(Object.entries(thread.early).filter(([id]) => !byId.has(Number(id))))
  return { ...thread, messages, early }
}

/** More are let go on the far side: whoever scrolls through a hundred thousand holds these. */
const mostHeld = 1_000

/** The reader goes up: what lies far below is let go, and loaded again on the way back. */
export function keepOldest(thread: Thread): Thread {
  if (thread.messages.length <= mostHeld) return thread
  const messages = thread.messages.slice(0, mostHeld)
  return { ...thread, messages, newer: { status: 'more' }, syncedTo: newestId(messages) }
}

/** The reader goes down. */
export function keepNewest(thread: Thread): Thread {
  if (thread.messages.length <= mostHeld) return thread
  return { ...thread, messages: thread.messages.slice(-mostHeld), older: { status: 'more' } }
}

/** Applies a change to a message that we hold, or keeps it for when we do. */
export function withChange(thread: Thread, id: Id, change: Message | 'deleted'): Thread {
  if (!thread.messages.some((message) => message.id === id)) {
    const before = thread.early[id]
    return { ...thread, early: { ...thread.early, [id]: before === 'deleted' ? before : change } }
  }
  return {
    ...thread,
    messages: thread.messages.map((message) => (message.id === id ? applyChange(message, change) : message)),
  }
}

function applyChange(message: Message, change: Message | 'deleted' | undefined): Message {
  if (change === undefined) return message
  return change === 'deleted' ? tombstone(message) : newerMessage(message, change)
}

export function tombstone(message: Message): Message {
  return { ...message, content: '', deleted: true }
}

/** Of two copies of one message the newer one: late and doubled copies undo nothing. */
export function newerMessage(known: Message, incoming: Message): Message {
  if (known.deleted) return known
  const isOlder = !incoming.deleted && (incoming.edited_at ?? '') < (known.edited_at ?? '')
  const newer = isOlder ? known : incoming
  return { ...newer, status: furtherStatus(known.status, incoming.status), is_read: known.is_read || incoming.is_read }
}

export function furtherStatus(a: MessageStatus, b: MessageStatus): MessageStatus {
  return messageStatuses.indexOf(a) > messageStatuses.indexOf(b) ? a : b
}

export function newestId(messages: readonly Message[]): Id {
  return messages.at(-1)?.id ?? 0
}
