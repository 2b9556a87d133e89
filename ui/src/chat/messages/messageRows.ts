import { daysBetween } from '../../i18n/time'
import type { ConversationEvent } from '../../protocol/events'
import type { Id, Message, Scheduled } from '../../protocol/resources'
import type { Outgoing } from '../state/chatState'

/** A row of the list of messages, from top to bottom. */
export type Row =
  | { kind: 'day'; key: string; date: Date }
  /** Above the messages that were unread when the conversation was opened. */
  | { kind: 'unread'; key: string }
  /** In place of newer messages that aren't loaded. */
  | { kind: 'gap'; key: string }
  | { kind: 'message'; key: string; message: Message; isFirst: boolean; isLast: boolean }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing; isFirst: boolean; isLast: boolean }
  /** Something that happened in the group. */
  | { kind: 'event'; key: string; event: ConversationEvent }
  /** At the end, whenever it was written: it isn't delivered yet. */
  | { kind: 'scheduled'; key: string; scheduled: Scheduled }

interface Entry {
  /** Null for an event: it divides the bubbles of one sender. */
  senderId: Id | null
  date: Date
  row: { kind: 'message'; key: string; message: Message } | { kind: 'outgoing'; key: string; outgoing: Outgoing } | { kind: 'event'; key: string; event: ConversationEvent }
}

/** Bubbles of one sender are grouped if they are less than this apart. */
const togetherWithin = 5 * 60_000

interface RowOptions {
  userId: Id
  /** Older messages aren't loaded: it isn't known whether a day begins with the first loaded one. */
  hasOlder: boolean
  /** Newer messages, above the unconfirmed ones, aren't loaded. */
  hasNewer: boolean
  /** The last message read when the conversation was opened; null if nothing was unread. */
  readTo: Id | null
  scheduled?: readonly Scheduled[] | undefined
  /** By ascending id, also those before and after the loaded messages. */
  events?: readonly ConversationEvent[] | undefined
}

export function messageRows(messages: readonly Message[], outgoing: readonly Outgoing[], options: RowOptions): Row[] {
  const { userId, hasNewer, hasOlder, readTo, scheduled = [] } = options
  const later = scheduled.map((one): Row => ({ kind: 'scheduled', key: `scheduled ${one.id}`, scheduled: one }))
  const firstUnread = readTo === null ? undefined : messages.find((message) => message.id > readTo && message.sender_id !== userId)
  const said = messages.map((message): Entry => ({
    senderId: message.sender_id,
    date: new Date(message.timestamp),
    // A message keeps its key when the server confirms it, so that the bubble isn't remounted.
    row: { kind: 'message', key: message.sender_id === userId && message.client_id ? message.client_id : String(message.id), message },
  }))
  const stored = withEvents(said, messages, options)
  const own = outgoing.map((one): Entry => ({
    senderId: userId,
    date: new Date(one.createdAt),
    row: { kind: 'outgoing', key: one.clientId, outgoing: one },
  }))
  if (!hasNewer) return [...entryRows([...stored, ...own], firstUnread, hasOlder), ...later]
  return [...entryRows(stored, firstUnread, hasOlder), { kind: 'gap', key: 'gap' }, ...entryRows(own, undefined, true), ...later]
}

/** Puts what happened between the messages. Beyond the loaded ones it isn't known what comes first. */
function withEvents(said: Entry[], messages: readonly Message[], { events = [], hasOlder, hasNewer }: RowOptions): Entry[] {
  const after = hasOlder ? (messages[0]?.id ?? Infinity) : 0
  const before = hasNewer ? (messages.at(-1)?.id ?? 0) : Infinity
  const entries = [...said]
  for (const event of events.filter(({ id }) => id > after && id < before)) {
    const place = entries.findLastIndex(({ row }) => (row.kind === 'message' ? row.message.id : row.kind === 'event' ? row.event.id : Infinity) < event.id)
    entries.splice(place + 1, 0, { senderId: null, date: new Date(event.timestamp), row: { kind: 'event', key: `event ${event.id}`, event } })
  }
  return entries
}

function entryRows(entries: Entry[], firstUnread: Message | undefined, hasBefore: boolean): Row[] {
  return entries.flatMap((entry, index): Row[] => {
    const before = entries[index - 1]
    const after = entries[index + 1]
    const startsDay = before ? daysBetween(before.date, entry.date) !== 0 : !hasBefore
    const isUnread = entry.row.kind === 'message' && entry.row.message === firstUnread
    const row: Row = entry.row.kind === 'event' ? entry.row : {
      ...entry.row,
      isFirst: startsDay || isUnread || !before || !areTogether(before, entry),
      isLast: !after || daysBetween(entry.date, after.date) !== 0 || !areTogether(entry, after),
    }
    return [
      ...(startsDay ? [{ kind: 'day' as const, key: `day ${entry.row.key}`, date: entry.date }] : []),
      ...(isUnread ? [{ kind: 'unread' as const, key: 'unread' }] : []),
      row,
    ]
  })
}

function areTogether(before: Entry, after: Entry): boolean {
  return before.senderId !== null && before.senderId === after.senderId && after.date.getTime() - before.date.getTime() < togetherWithin
}

/** The index of a message's row; -1 if it isn't loaded. */
export function rowOf(rows: readonly Row[], messageId: Id): number {
  return rows.findIndex((row) => row.kind === 'message' && row.message.id === messageId)
}
