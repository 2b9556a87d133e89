import type { Editor, Id, Message, MessageStatus, Reaction } from '../../protocol/resources'
import { messageStatuses } from '../../protocol/resources'
import type { Heard } from './heard'

/** `epoch` is that of the open link on which it failed, 0 if there was none. */
export type ThreadLoading = { status: 'loading' } | { status: 'ready' } | { status: 'failed'; code: string; epoch: number }
/** What is beyond an end of the loaded range. */
export type Beyond = { status: 'more' } | { status: 'loading' } | { status: 'end' } | { status: 'failed'; code: string }

/** The loaded range of a conversation's messages. While it is `live` it has no gaps and nothing outdated. */
export interface Thread {
  load: ThreadLoading
  older: Beyond
  /** `end` if the newest message is loaded, so that live ones are appended. */
  newer: Beyond
  /** By ascending id, each once. */
  messages: readonly Message[]
  /** `stale` until all of it has been fetched again on the current link. */
  sync: 'stale' | 'live'
  /** Deleted messages that aren't loaded. */
  gone: readonly Id[]
}

type Deletion = Extract<Heard, { type: 'message_deleted' }>

export const emptyThread: Thread = {
  load: { status: 'loading' },
  older: { status: 'end' },
  newer: { status: 'end' },
  messages: [],
  sync: 'stale',
  gone: [],
}

/** The messages of a response: all after one id up to another, whose messages needn't exist. */
export interface Page {
  messages: readonly Message[]
  /** 0: from the first. */
  after: Id
  /** Infinity: to the end. */
  upTo: Id
}

/** Applies the frames received since a response was requested. */
export function pageAfterFrames(page: Page, frames: readonly Heard[], conversationId: Id): Page {
  let { messages } = page
  for (const frame of frames) {
    switch (frame.type) {
      case 'new_message':
        if (frame.message.conversation_id === conversationId && isWithin(page, frame.message)) messages = withMessage(messages, frame.message)
        break
      case 'message_updated':
        messages = withUpdate(messages, frame.message)
        break
      case 'message_deleted':
        messages = withDeleted(messages, frame)
        break
      case 'message_reactions':
        messages = withReacted(messages, frame)
    }
  }
  return { ...page, messages }
}

/** The part of a page between two messages. */
export function pageWithin({ messages, after, upTo }: Page, from: Id, to: Id): Page {
  const within = { after: Math.max(after, from - 1), upTo: Math.min(upTo, to) }
  return { ...within, messages: messages.filter((message) => isWithin(within, message)) }
}

function isWithin({ after, upTo }: Pick<Page, 'after' | 'upTo'>, { id }: Message): boolean {
  return id > after && id <= upTo
}

/** A response replaces the loaded messages in its range: those that it doesn't have no longer exist. */
export function withPage(held: readonly Message[], { messages, after, upTo }: Page): Message[] {
  const known = new Map(held.map((message) => [message.id, message]))
  return [
    ...held.filter(({ id }) => id <= after),
    ...messages.map((message) => newestOf(known.get(message.id), message)),
    ...held.filter(({ id }) => id > upTo && id > after),
  ]
}

/** Adds a live message, unless it doesn't adjoin the loaded range: then it is loaded with the pages in between. */
export function withLive(thread: Thread, message: Message): Thread {
  const { messages, older, newer } = thread
  if (newer.status !== 'end' && message.id > newestId(messages)) return thread
  const oldest = messages[0]
  if (older.status !== 'end' && oldest && message.id < oldest.id) return thread
  return { ...thread, messages: withMessage(messages, message) }
}

export function withUpdated(thread: Thread, message: Message): Thread {
  return { ...thread, messages: withUpdate(thread.messages, message), gone: thread.gone.filter((id) => id !== message.id) }
}

export function withoutMessage(thread: Thread, deletion: Deletion): Thread {
  const { message_id: id } = deletion
  const messages = withDeleted(thread.messages, deletion)
  const isHeld = messages.some((message) => message.id === id)
  return { ...thread, messages, gone: isHeld || thread.gone.includes(id) ? thread.gone : [...thread.gone, id] }
}

function withMessage(messages: readonly Message[], message: Message): Message[] {
  const at = messages.findLastIndex(({ id }) => id <= message.id)
  const known = messages[at]
  if (known?.id === message.id) return messages.with(at, repeated(known, message))
  return [...messages.slice(0, at + 1), message, ...messages.slice(at + 1)]
}

function withUpdate(messages: readonly Message[], message: Message): Message[] {
  return messages.map((one) => (one.id === message.id ? newestOf(one, message) : one))
}

/** A removed message leaves no tombstone. */
function withDeleted(messages: readonly Message[], { message_id: id, removed = false, edited_by: by }: Deletion): Message[] {
  return removed ? messages.filter((one) => one.id !== id) : messages.map((one) => (one.id === id ? tombstone(one, by) : one))
}

/** A frame has all reactions to a message. */
export function withReacted(messages: readonly Message[], frame: Extract<Heard, { type: 'message_reactions' }>): readonly Message[] {
  const at = messages.findIndex(({ id }) => id === frame.message_id)
  const message = messages[at]
  return message ? messages.with(at, withReactions(message, frame.reactions)) : messages
}

/** A deleted message has none; a late frame may say otherwise. */
export function withReactions(message: Message, reactions: Reaction[] = []): Message {
  return { ...message, reactions: message.deleted ? [] : reactions }
}

/** Beyond this many, messages on the far side are dropped: a conversation may have a hundred thousand. */
const mostHeld = 1_000

/** The reader scrolls up: messages far below are dropped, and loaded again on the way back. */
export function keepOldest(thread: Thread): Thread {
  if (thread.messages.length <= mostHeld) return thread
  return { ...thread, messages: thread.messages.slice(0, mostHeld), newer: { status: 'more' } }
}

/** The reader scrolls down. */
export function keepNewest(thread: Thread): Thread {
  if (thread.messages.length <= mostHeld) return thread
  return { ...thread, messages: thread.messages.slice(-mostHeld), older: { status: 'more' } }
}

/** Who deleted it is as the server says; until then, the author. */
export function tombstone(message: Message, by: Editor | undefined): Message {
  return { ...message, content: '', deleted: true, reactions: [], edited_by: by ?? (message.deleted ? message.edited_by : 'author') }
}

/**
 * The copy that was edited last; of two with the same edit the one received last, be it deleted or restored. The reactions
 * are those received last: an edit doesn't date them.
 */
export function newestOf(known: Message | undefined, told: Message): Message {
  if (!known) return told
  const newest = (known.edited_at ?? '') > (told.edited_at ?? '') ? known : told
  return withReactions({ ...newest, status: furtherStatus(known.status, told.status) }, told.reactions)
}

/** A repeated new_message may be older than the known copy; its reactions aren't newer. */
export function repeated(known: Message, told: Message): Message {
  const isNewer = told.deleted || (told.edited_at ?? '') > (known.edited_at ?? '')
  return withReactions({ ...(isNewer ? told : known), status: furtherStatus(known.status, told.status) }, known.reactions)
}

export function furtherStatus(a: MessageStatus, b: MessageStatus): MessageStatus {
  return messageStatuses.indexOf(a) > messageStatuses.indexOf(b) ? a : b
}

export function newestId(messages: readonly Message[]): Id {
  return messages.at(-1)?.id ?? 0
}
