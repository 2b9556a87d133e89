import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { isSamePlace, personIn, type Place, placeKey, placeNumber, placeOfNumber } from '../lib/place'
import type { Id } from '../protocol/resources'
import type { ChatState } from './state/chatState'
import { directWith } from './state/conversations'

/** A caller that controls the selection sets a pair of these; otherwise the chat does. */
export interface SelectionProps {
  /**
   * Together with `onSelectPlace`, the caller controls the selection, for example in the URL: a conversation, or a
   * person who is written to for the first time. Once they have a conversation, that is selected instead of the
   * person (`isSamePlace`: not a new entry of the history).
   */
  selected?: Place | null
  onSelectPlace?: (place: Place | null, isSamePlace?: boolean) => void
  /** The same as numbers, with `onSelect`: negative for a person. */
  selectedId?: Id | null
  onSelect?: (conversationId: Id | null, isSamePlace?: boolean) => void
}

export type Select = (place: Place | null, ...how: [isSamePlace?: boolean]) => void

/** The open place, and a function to open another one. */
export function useSelection({ selected, onSelectPlace, selectedId, onSelect }: SelectionProps): [Place | null, Select] {
  const [own, setOwn] = useState<number | null>(null)
  const given = selected === undefined ? selectedId : selected && placeNumber(selected)
  const number = given === undefined ? own : given
  // The same object while it is the same place.
  const place = useMemo(() => (number === null ? null : placeOfNumber(number)), [number])
  const select = useCallback<Select>(
    (next, ...how) => {
      const id = next && placeNumber(next)
      if (onSelectPlace) onSelectPlace(next, ...how)
      else if (onSelect) onSelect(id, ...how)
      else setOwn(id)
    },
    [onSelectPlace, onSelect],
  )
  return [place, select]
}

/** Selects the conversation that was created with a selected person. Returns whether there is one. */
export function useMeeting(selected: Place | null, { userId, conversations }: ChatState, select: Select): boolean {
  const personId = personIn(selected)
  const met = personId === null ? undefined : directWith(conversations, userId, personId)?.conversation_id
  const isMet = met !== undefined
  const meet = useEffectEvent(() => {
    if (met !== undefined) select({ conversation: met }, true)
  })
  useEffect(() => {
    if (isMet) meet()
  }, [isMet])
  return isMet
}

/**
 * Leaving a conversation moves the focus to its line. After a step back in the history the list is shown only a
 * moment later. Returns whether a place is the one on the screen.
 */
export function useReturnToLine(selected: Place | null): (place: Place) => boolean {
  const shown = useRef<Place | null>(null)
  useEffect(() => {
    if (selected === null && shown.current !== null) {
      // A group that was left no longer has a line.
      const line = `[data-place="${placeKey(shown.current)}"] [data-conversation]`
      const target = document.querySelector<HTMLElement>(line) ?? document.querySelector<HTMLElement>('[data-conversation]')
      target?.focus()
    }
    shown.current = selected
  }, [selected])
  return useCallback((place) => isSamePlace(place, shown.current), [])
}
