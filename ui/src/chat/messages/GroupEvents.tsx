import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
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

/** Fetches what happened in a group, as far back as its messages are loaded. It shows nothing; without a network, nor does the list. */
export function GroupEvents({ conversationId, from, version, onEvents }: GroupEventsProps) {
  const [older, setOlder] = useState<{ first: Id; next: string | null } | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    fetchEvents(conversationId, { signal: abort.signal }).then(
      (page) => {
        // The pages before it are asked for again: its first event may have gathered more, under another id, until now.
        onEvents(page.filter(isKnown))
        setOlder({ first: page[0]?.id ?? 0, next: page.next })
      },
      // It is asked for again with the next change, or over the next link.
      () => undefined,
    )
    return () => { abort.abort() }
  }, [conversationId, version, onEvents])

  const isDue = older !== null && older.first > from
  useEffect(() => {
    const next = isDue ? older.next : null
    if (next === null) return
    const abort = new AbortController()
    fetchEvents(conversationId, { page: next, signal: abort.signal }).then(
      (page) => {
        onEvents((held) => [...page.filter(isKnown), ...held])
        setOlder({ first: page[0]?.id ?? 0, next: page.next })
      },
      () => undefined,
    )
    return () => { abort.abort() }
  }, [conversationId, older, isDue, onEvents])
  return null
}
