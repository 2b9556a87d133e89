import { daysBetween } from '../i18n/time'
import type { Id, Message } from '../protocol'
import type { Outgoing } from './chatState'

/** What the list of messages shows, from top to bottom. */
export type Row =
  | { kind: 'day'; key: string; date: Date }
  | { kind: 'message'; key: string; message: Message; isFirst: boolean; isLast: boolean }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing; isFirst: boolean; isLast: boolean }

interface Entry {
  senderId: Id
  date: Date
  row: { kind: 'message'; key: string; message: Message } | { kind: 'outgoing'; key: string; outgoing: Outgoing }
}

/** Bubbles of one sender stand together when less than this lies between them. */
const togetherWithin = 5 * 60_000

export function messageRows(messages: readonly Message[], outgoing: readonly Outgoing[], userId: Id): Row[] {
  const entries: Entry[] = [
    ...messages.map((message): Entry => ({
      senderId: message.sender_id,
      date: new Date(message.timestamp),
      // A message keeps its key when the server confirms it: the bubble isn't made anew.
      row: { kind: 'message', key: message.sender_id === userId && message.client_id ? message.client_id : String(message.id), message },
    })),
    ...outgoing.map((one): Entry => ({
      senderId: userId,
      date: new Date(one.createdAt),
      row: { kind: 'outgoing', key: one.clientId, outgoing: one },
    })),
  ]
  return entries.flatMap((entry, index): Row[] => {
    const before = entries[index - 1]
    const after = entries[index + 1]
    const startsDay = !before || daysBetween(before.date, entry.date) !== 0
    const row: Row = {
      ...entry.row,
      isFirst: startsDay || !areTogether(before, entry),
      isLast: !after || daysBetween(entry.date, after.date) !== 0 || !areTogether(entry, after),
    }
    return startsDay ? [{ kind: 'day', key: `day ${entry.row.key}`, date: entry.date }, row] : [row]
  })
}

function areTogether(before: Entry, after: Entry): boolean {
  return before.senderId === after.senderId && after.date.getTime() - before.date.getTime() < togetherWithin
}
