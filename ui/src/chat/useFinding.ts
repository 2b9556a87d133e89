import { useCallback, useMemo, useRef, useState } from 'react'
import type { Id } from '../protocol/resources'
import type { Wanted } from './state/useWanted'
import type { Select } from './useSelection'

interface Finding {
  /** The conversation whose messages alone are searched; null for all. */
  within: Id | null
  onWithin: (conversationId: Id | null) => void
  /** The message to show in the open conversation. */
  wanted: Wanted | null
  showMessage: (conversationId: Id, messageId: Id) => void
  /** Goes to the search of everything. */
  find: () => void
  /** Searches in the open conversation. */
  findHere: () => void
  /** Whether the search gets the focus when the list is shown; asked once. */
  isSearchWanted: () => boolean
}

/** Searching in one conversation, and going to a message that was found. */
export function useFinding(selectedId: Id | null, messageId: Id | null, select: Select): Finding {
  const [within, setWithin] = useState<Id | null>(null)
  // A message is shown again if it is chosen again.
  const [choices, setChoices] = useState(0)
  const wanted = useMemo(
    () => (selectedId === null || messageId === null ? null : { conversationId: selectedId, messageId, choices }),
    [selectedId, messageId, choices],
  )
  const showMessage = useCallback(
    (conversation: Id, message: Id) => {
      setChoices((count) => count + 1)
      select({ conversation, message })
    },
    [select],
  )
  const toSearch = useRef(false)
  const toField = useCallback(() => {
    const field = document.querySelector<HTMLElement>('.search input')
    field?.focus()
    // On a phone the list isn't shown: the focus waits for it.
    toSearch.current = field !== document.activeElement
    if (toSearch.current) select(null)
  }, [select])
  const find = useCallback(() => {
    setWithin(null)
    toField()
  }, [toField])
  const findHere = useCallback(() => {
    setWithin(selectedId)
    toField()
  }, [selectedId, toField])
  const isSearchWanted = useCallback(() => {
    const isWanted = toSearch.current
    toSearch.current = false
    return isWanted
  }, [])
  return { within, onWithin: setWithin, wanted, showMessage, find, findHere, isSearchWanted }
}
