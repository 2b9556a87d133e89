import { useEffect } from 'react'
import type { Conversation, Id } from '../../protocol/resources'
import { searchWords } from '../state/conversations'

/** So many names are split into words in one task. */
const sliceLength = 20

/** Splits the names that are searched while the browser has nothing else to do: at the first letter it would be all of them. */
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

/** Safari tells nobody when it is idle. Returns a function that cancels it. */
function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work)
    return () => {
      clearTimeout(timer)
    }
  }
  const request = window.requestIdleCallback(work)
  return () => {
    window.cancelIdleCallback(request)
  }
}
