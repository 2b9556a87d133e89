import { useCallback, useState } from 'react'
import { errorCode, type Page } from '../../actions/apiCall'

/** What is loaded of a paged list so far. */
export interface Load<T> {
  items: readonly T[]
  /** The query of the next page; null if there is none. */
  next: string | null
  progress: { status: 'loading' } | { status: 'ready' } | { status: 'failed'; code: string }
}

export type LoadPage<T> = (key: string, fetchPage: (page: string | undefined) => Promise<Page<T>>, before?: Load<T>) => void

/** Paged lists by their key: what was loaded stays, also if a further page can't be. */
export function useLoads<T>(): [Readonly<Record<string, Load<T>>>, LoadPage<T>] {
  const [loads, setLoads] = useState<Record<string, Load<T>>>({})
  const load = useCallback<LoadPage<T>>((key, fetchPage, before) => {
    const items = before?.items ?? []
    const next = before?.next ?? null
    const put = (change: Load<T>) => {
      setLoads((all) => ({ ...all, [key]: change }))
    }
    put({ items, next, progress: { status: 'loading' } })
    fetchPage(next ?? undefined).then(
      (page) => {
        put({ items: [...items, ...page], next: page.next, progress: { status: 'ready' } })
      },
      (error: unknown) => {
        put({ items, next, progress: { status: 'failed', code: errorCode(error) } })
      },
    )
  }, [])
  return [loads, load]
}
