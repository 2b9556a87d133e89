import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { findMessages } from '../../actions/findAction'
import { wordsOf } from '../../lib/searchText'
import type { FoundMessage } from '../../protocol/found'
import type { Id, Timestamp } from '../../protocol/resources'

/** After a pause in typing, in milliseconds; as for people. */
const pause = 300
const shortest = 2
/** The server's limit in characters. */
const longest = 200
const pageLength = 20
/** A page may be empty although there are more: this many are loaded at once, until one isn't. */
const mostPages = 5

export interface Filters {
  /** Null in this and the others: all. */
  conversationId: Id | null
  senderId: Id | null
  since: Timestamp | null
  has: 'attachment' | 'link' | undefined
}

interface Answer {
  items: readonly FoundMessage[]
  /** The query of the next page; null at the end. */
  next: string | null
  progress: { status: 'searching' } | { status: 'ready' } | { status: 'failed'; code: string }
}

export interface FoundMessages extends Omit<Answer, 'progress'> {
  /** `idle` while the query is too short. */
  progress: { status: 'idle' } | Answer['progress']
  /** Loads the next page, or tries again what has failed. */
  more: () => void
}

/** What the results may no longer be true after: edits, and a link on which they were missed. */
interface Sight {
  edits: number
  epoch: number
}

/** The index of the server follows an edit after half a second. */
const indexedAfter = 800
/** The server's longest page. */
const longestPage = 50

const nothingYet: Answer = { items: [], next: null, progress: { status: 'searching' } }

/**
 * Searches after a pause in typing; an outdated request is aborted and its response ignored. After an edit, and once there is
 * a link again, as many are searched again as are shown, which stay until then.
 */
export function useFoundMessages(text: string, filters: Filters, sight: Sight): FoundMessages {
  const query = [...text].slice(0, longest).join('')
  // Symbols alone aren't words. Links are found without any.
  const isAsked = query === '' ? filters.has !== undefined : query.length >= shortest && wordsOf(query).length > 0
  const key = JSON.stringify([query, filters])
  const [answer, setAnswer] = useState<Answer & { key: string }>()
  const current = useRef<AbortSignal | null>(null)

  const load = async (signal: AbortSignal, before: Answer) => {
    const put = (change: Partial<Answer>) => {
      if (!signal.aborted) setAnswer({ ...before, ...change, key })
    }
    put({ progress: { status: 'searching' } })
    const { conversationId, senderId, since, has } = filters
    try {
      let { next } = before
      let page: FoundMessage[] = []
      for (let count = 0; page.length === 0 && (count === 0 || (next !== null && count < mostPages)); count++) {
        const loaded = await findMessages(query, {
          conversationId: conversationId ?? undefined,
          senderId: senderId ?? undefined,
          from: since ?? undefined,
          has,
          limit: pageLength,
          page: next ?? undefined,
          signal,
        })
        page = loaded
        next = loaded.next
      }
      put({ items: [...before.items, ...page], next, progress: { status: 'ready' } })
    } catch (error) {
      if (!isAbort(error)) put({ progress: { status: 'failed', code: errorCode(error) } })
    }
  }
  const refresh = async (signal: AbortSignal, shown: Answer) => {
    const { conversationId, senderId, since, has } = filters
    const items: FoundMessage[] = []
    let next: string | null = null
    try {
      for (let count = 0; count === 0 || (next !== null && items.length < shown.items.length && count < mostPages); count++) {
        const page: Awaited<ReturnType<typeof findMessages>> = await findMessages(query, {
          conversationId: conversationId ?? undefined,
          senderId: senderId ?? undefined,
          from: since ?? undefined,
          has,
          limit: Math.min(Math.max(shown.items.length, pageLength), longestPage),
          page: next ?? undefined,
          signal,
        })
        items.push(...page)
        next = page.next
      }
      if (!signal.aborted) setAnswer({ items, next, progress: { status: 'ready' }, key })
    } catch {
      // What is shown stays; the next edit or link asks again.
    }
  }
  const again = useEffectEvent((signal: AbortSignal) => {
    if (answer?.key === key && answer.progress.status === 'ready') void refresh(signal, answer)
  })
  const begin = useEffectEvent((signal: AbortSignal) => {
    void load(signal, nothingYet)
  })
  useEffect(() => {
    if (!isAsked) return
    const abort = new AbortController()
    current.current = abort.signal
    const timer = window.setTimeout(() => {
      begin(abort.signal)
    }, pause)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [isAsked, key])

  const { edits, epoch } = sight
  const seen = useRef({ edits, epoch })
  useEffect(() => {
    const before = seen.current
    seen.current = { edits, epoch: epoch || before.epoch }
    if (edits === before.edits && (epoch === 0 || epoch === before.epoch)) return
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      again(abort.signal)
    }, indexedAfter)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [edits, epoch, key])

  const shown = answer?.key === key ? answer : nothingYet
  return {
    ...shown,
    progress: isAsked ? shown.progress : { status: 'idle' },
    more: () => {
      if (current.current && shown.progress.status !== 'searching') void load(current.current, shown)
    },
  }
}
