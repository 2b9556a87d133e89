import { useEffect, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { searchMessagerieRecipients } from '../../actions/messagerieAction'
import type { Id, User } from '../../protocol/resources'

const pause = 300
const shortest = 2
/** The server's limit in characters; nobody's name is longer. */
const longest = 200

export type ContactSearch =
  | { status: 'idle' }
  | { status: 'searching' }
  | { status: 'found'; people: User[] }
  | { status: 'failed'; code: string }

type SearchResponse = { query: string; establishmentId: Id } & Exclude<ContactSearch, { status: 'idle' | 'searching' }>

/** Searches after a pause in typing; an outdated request is aborted and its response ignored. */
export function useContactSearch(establishmentId: Id, text: string): ContactSearch {
  const query = [...text.trim()].slice(0, longest).join('')
  const [response, setResponse] = useState<SearchResponse | null>(null)

  useEffect(() => {
    if (query.length < shortest) return
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      searchMessagerieRecipients(establishmentId, query, { signal: abort.signal }).then(
        (people) => {
          if (!abort.signal.aborted) setResponse({ status: 'found', people, query, establishmentId })
        },
        (error: unknown) => {
          if (abort.signal.aborted || isAbort(error)) return
          setResponse({ status: 'failed', code: errorCode(error), query, establishmentId })
        },
      )
    }, pause)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [establishmentId, query])

  if (query.length < shortest) return { status: 'idle' }
  return response?.query === query && response.establishmentId === establishmentId ? response : { status: 'searching' }
}
