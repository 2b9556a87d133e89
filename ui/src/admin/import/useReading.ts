import { useCallback, useEffect, useRef, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { planRoster, type TableOptions } from '../../actions/rosterAction'
import { goTo } from '../../lib/route'
import type { Id } from '../../protocol/resources'

type State = { status: 'idle' } | { status: 'reading' } | { status: 'refused'; error: unknown }

export interface Reading {
  state: State
  /** The files of the plan that was read last on this page. */
  readFiles: { planId: Id; files: File[] } | null
  /** Has files read and goes to the page of the plan. `table` says what a table doesn't say by itself. */
  read: (files: File[], table?: TableOptions) => void
  cancel: () => void
}

export function useReading(establishmentId: Id): Reading {
  const [state, setState] = useState<State>({ status: 'idle' })
  const [readFiles, setReadFiles] = useState<Reading['readFiles']>(null)
  const running = useRef<AbortController | null>(null)
  const cancel = useCallback(() => {
    running.current?.abort()
    setState({ status: 'idle' })
  }, [])
  useEffect(() => () => running.current?.abort(), [])
  const read = useCallback(
    (files: File[], table?: TableOptions) => {
      running.current?.abort()
      const abort = new AbortController()
      running.current = abort
      setState({ status: 'reading' })
      planRoster(establishmentId, files, { ...(table ? { table } : {}), signal: abort.signal }).then(
        ({ id }) => {
          setState({ status: 'idle' })
          setReadFiles({ planId: id, files })
          goTo(`/admin/import/${id}`)
        },
        (error: unknown) => {
          if (!isAbort(error)) setState({ status: 'refused', error })
        },
      )
    },
    [establishmentId],
  )
  return { state, readFiles, read, cancel }
}
