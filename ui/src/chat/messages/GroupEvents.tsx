import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import type { Page } from '../../actions/apiCall'
import { fetchEvents } from '../../actions/eventAction'
import { type ConversationEvent, eventKinds } from '../../protocol/events'
import type { Id } from '../../protocol/resources'

export interface GroupEventsProps {
  conversationId: Id
  /** The first loaded message, 0 if there are none before it. */
  from: Id
  /** Changes whenever something has happened, and with each link. */
  version: string
  onEvents: Dispatch<SetStateAction<readonly ConversationEvent[]>>
}

const isKnown = ({ kind }: ConversationEvent) => eventKinds.some((one) => one === kind)

/** A page in place of what is held of its stretch: of all before `end`, down to where the page begins. */
function withPage(held: readonly ConversationEvent[], page: Page<ConversationEvent>, end: Id): ConversationEvent[] {
  const begin = page.next === null ? 0 : (page[0]?.id ?? end)
  return [...held.filter(({ id }) => id < begin), ...page.filter(isKnown), ...held.filter(({ id }) => id >= end)]
}

/** Fetches what happened in a group, as far back as its messages are loaded. It shows nothing; without a network, nor does the list. */
export function GroupEvents({ conversationId, from, version, onEvents }: GroupEventsProps) {
  const [older, setOlder] = useState<{ first: Id; next: string | null } | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    fetchEvents(conversationId, { signal: abort.signal }).then(
      (page) => {
        onEvents((held) => withPage(held, page, Infinity))
        // The pages before it are asked for again; until then, and without a network, what they said stays.
        setOlder({ first: page[0]?.id ?? 0, next: page.next })
      },
      // It is asked for again with the next change, or over the next link.
      () => undefined,
    )
    return () => { abort.abort() }
  }, [conversationId, version, onEvents])

  const isDue = older !== null && older.first > from
  useEffect(() => {
    if (!isDue || older.next === null) return
    const abort = new AbortController()
    fetchEvents(conversationId, { page: older.next, signal: abort.signal }).then(
      (page) => {
        onEvents((held) => withPage(held, page, older.first))
        setOlder({ first: page[0]?.id ?? 0, next: page.next })
      },
      () => undefined,
    )
    return () => { abort.abort() }
  }, [conversationId, older, isDue, onEvents])
  return null
}
