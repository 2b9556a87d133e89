import { useCallback, useEffect, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { fetchRules } from '../../actions/rulesAction'
import type { Id } from '../../protocol/resources'
import type { Rules } from '../../protocol/rules'

export type RulesLoad = { status: 'loading' } | { status: 'ready'; rules: Rules } | { status: 'failed'; error: unknown }

export interface RulesHandle {
  load: RulesLoad
  /** Shows what the server has returned. */
  put: (rules: Rules) => void
  reload: () => void
}

/** The rules of an establishment; what is shown stays while they are loaded again. */
export function useRules(establishmentId: Id): RulesHandle {
  const [load, setLoad] = useState<RulesLoad>({ status: 'loading' })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    fetchRules(establishmentId, { signal: abort.signal }).then(
      (rules) => {
        setLoad({ status: 'ready', rules })
      },
      (error: unknown) => {
        if (!isAbort(error)) setLoad({ status: 'failed', error })
      },
    )
    return () => {
      abort.abort()
    }
  }, [establishmentId, turn])
  const put = useCallback((rules: Rules) => {
    setLoad({ status: 'ready', rules })
  }, [])
  const reload = useCallback(() => {
    setTurn((count) => count + 1)
  }, [])
  return { load, put, reload }
}
