import { useEffect } from 'react'
import { whenIdle } from '../../lib/whenIdle'
import type { Conversation, Id } from '../../protocol/resources'
import { searchWords } from '../state/conversations'

/** How many names are split into words in one task. */
const sliceLength = 20

/** Splits the searched names while the browser is idle, instead of all of them at the first letter. */
export function usePreparedSearch(conversations: readonly Conversation[], userId: Id): void {
  useEffect(() => {
    const prepareFrom = (start: number) => {
      const end = start + sliceLength
      for (const one of conversations.slice(start, end)) searchWords(one, userId)
      if (end < conversations.length) cancel = whenIdle(() => { prepareFrom(end) })
    }
    let cancel = whenIdle(() => { prepareFrom(0) })
    return () => {
      cancel()
    }
  }, [conversations, userId])
}
