import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { isSamePlace, personIn, type Place, placeKey, placeNumber, placeOfNumber } from '../lib/place'
import type { Id } from '../protocol/resources'
import type { ChatState } from './state/chatState'
import { directWith } from './state/conversations'

/** A caller that holds the selection gives a pair of these; one that doesn't leaves it to the chat. */
export interface SelectionProps {
  /**
   * Given together with `onSelectPlace`, the caller holds the selection, in an address for instance: a conversation, or
   * a person to whom one writes for the first time. Once they have a conversation, that is selected in the person's
   * place (`isSamePlace`: no step of a history).
   */
  selected?: Place | null
  onSelectPlace?: (place: Place | null, isSamePlace?: boolean) => void
  /** The same as numbers, with `onSelect`: below zero it is a person. */
  selectedId?: Id | null
  onSelect?: (conversationId: Id | null, isSamePlace?: boolean) => void
}

export type Select = (place: Place | null, ...how: [isSamePlace?: boolean]) => void

/** The place that is open, and how to open another one. */
export function useSelection({ selected, onSelectPlace, selectedId, onSelect }: SelectionProps): [Place | null, Select] {
  const [own, setOwn] = useState<number | null>(null)
  const given = selected === undefined ? selectedId : selected && placeNumber(selected)
  const number = given === undefined ? own : given
  // The same object as long as it is the same place.
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

/** Selects the conversation that has come about with a selected person. Returns whether there is one. */
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
 * Leaving a conversation puts the focus on its line. After a step back in the history the list shows only a
 * moment later. Returns whether a place is the one on the screen.
 */
export function useReturnToLine(selected: Place | null): (place: Place) => boolean {
  const shown = useRef<Place | null>(null)
  useEffect(() => {
    if (selected === null && shown.current !== null) {
      // A group that one has left has no line any more.
      const line = `[data-place="${placeKey(shown.current)}"] [data-conversation]`
      const target = document.querySelector<HTMLElement>(line) ?? document.querySelector<HTMLElement>('[data-conversation]')
      target?.focus()
    }
    shown.current = selected
  }, [selected])
  return useCallback((place) => isSamePlace(place, shown.current), [])
}
