import { useCallback, useEffect, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { countInvitations } from '../../actions/invitationAction'
import type { CodeAudience } from '../../actions/rosterAction'
import type { InvitationCounts } from '../../protocol/invitations'
import type { Id } from '../../protocol/resources'

interface Known {
  /** Whom it is about. */
  key: string
  counts: InvitationCounts | null
  error: unknown
}

const firstPause = 2_000
/** At a provider's pace a thousand mails take hours. */
const longestPause = 60_000
const retryAfter = 5_000

/** How far people are on their way in, asked for again and again while mails wait. `reload` asks once more. */
export function useInvitationCounts(establishmentId: Id, audience: CodeAudience | null) {
  const key = audience === null ? '' : JSON.stringify(audience)
  const [known, setKnown] = useState<Known>({ key: '', counts: null, error: null })
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (!key) return
    const abort = new AbortController()
    let timer = 0
    let pause = firstPause
    const ask = () => {
      countInvitations(establishmentId, JSON.parse(key) as CodeAudience, { signal: abort.signal }).then(
        (counts) => {
          setKnown({ key, counts, error: null })
          if (counts.waiting === 0) return
          timer = window.setTimeout(ask, pause)
          pause = Math.min(pause * 1.5, longestPause)
        },
        (error: unknown) => {
          if (isAbort(error)) return
          setKnown((before) => ({ key, counts: before.key === key ? before.counts : null, error }))
          timer = window.setTimeout(ask, retryAfter)
        },
      )
    }
    ask()
    return () => {
      abort.abort()
      window.clearTimeout(timer)
    }
  }, [establishmentId, key, round])
  const reload = useCallback(() => {
    setRound((before) => before + 1)
  }, [])
  const isCurrent = known.key === key
  return { counts: isCurrent ? known.counts : null, error: isCurrent ? known.error : null, reload }
}
