import { useEffect, useState } from 'react'
import { errorCode, isAbort } from '../actions/apiCall'
import { searchMessagerieRecipients } from '../actions/messagerieAction'
import type { Id, User } from '../protocol'

const pause = 300
const shortest = 2

export type ContactSearch =
  | { status: 'idle' }
  | { status: 'searching' }
  | { status: 'found'; people: User[] }
  | { status: 'failed'; code: string }

type Answer = { query: string; establishmentId: Id } & Exclude<ContactSearch, { status: 'idle' | 'searching' }>

/** Searches once the typist pauses; an answer to an outdated query is neither awaited nor shown. */
export function useContactSearch(establishmentId: Id, text: string): ContactSearch {
  const query = text.trim()
  const [answer, setAnswer] = useState<Answer | null>(null)

  useEffect(() => {
    if (query.length < shortest) return
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      searchMessagerieRecipients(establishmentId, query, { signal: abort.signal }).then(
        (people) => {
          if (!abort.signal.aborted) setAnswer({ status: 'found', people, query, establishmentId })
        },
        (error: unknown) => {
          if (abort.signal.aborted || isAbort(error)) return
          setAnswer({ status: 'failed', code: errorCode(error), query, establishmentId })
        },
      )
    }, pause)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [establishmentId, query])

  if (query.length < shortest) return { status: 'idle' }
  return answer?.query === query && answer.establishmentId === establishmentId ? answer : { status: 'searching' }
}
