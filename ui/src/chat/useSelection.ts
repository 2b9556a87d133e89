import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { isSamePlace, messageIn, personIn, type Place, placeKey, placeNumber, placeOfNumber } from '../lib/place'
import type { Conversation, Id } from '../protocol/resources'
import type { ChatState } from './state/chatState'
import { directWith } from './state/conversations'

/** A caller that controls the selection sets a pair of these; otherwise the chat does. */
export interface SelectionProps {
  /**
   * Together with `onSelectPlace`, the caller controls the selection, for example in the URL: a conversation, or a
   * person who is written to for the first time. Once they have a conversation, that is selected instead of the
   * person (`isSamePlace`: not a new entry of the history). A found message is selected as a conversation with a
   * `message`; with one in `selected`, it is shown in its place.
   */
  selected?: Place | null
  onSelectPlace?: (place: Place | null, isSamePlace?: boolean) => void
  /** The same as numbers, with `onSelect`: negative for a person. */
  selectedId?: Id | null
  onSelect?: (conversationId: Id | null, isSamePlace?: boolean) => void
}

export type Select = (place: Place | null, ...how: [isSamePlace?: boolean]) => void

/** The open place without its message, a function to open another one, and the message to show in it. */
export function useSelection({ selected, onSelectPlace, selectedId, onSelect }: SelectionProps): [Place | null, Select, Id | null] {
  // Also of a caller who only knows numbers: those have no message.
  const [own, setOwn] = useState<Place | null>(null)
  const given = selected === undefined ? selectedId : selected && placeNumber(selected)
  const number = given === undefined ? own && placeNumber(own) : given
  // The same object while it is the same place.
  const place = useMemo(() => (number === null ? null : placeOfNumber(number)), [number])
  const message = messageIn(selected === undefined ? own : selected)
  const select = useCallback<Select>(
    (next, ...how) => {
      const id = next && placeNumber(next)
      if (onSelectPlace) onSelectPlace(next, ...how)
      else {
        setOwn(next)
        onSelect?.(id, ...how)
      }
    },
    [onSelectPlace, onSelect],
  )
  return [place, select, selected !== undefined || isSamePlace(own, place) ? message : null]
}

/** Selects the conversation that was created with a selected person, before it is painted. Returns it. */
export function useMeeting(selected: Place | null, { userId, conversations }: ChatState, select: Select): Conversation | undefined {
  const personId = personIn(selected)
  const met = personId === null ? undefined : directWith(conversations, userId, personId)
  const isMet = met !== undefined
  const meet = useEffectEvent(() => {
    if (met) select({ conversation: met.conversation_id }, true)
  })
  useLayoutEffect(() => {
    if (isMet) meet()
  }, [isMet])
  return met
}

/**
 * Leaving a conversation moves the focus to the search if that was wanted, else to the result that led to it, else to
 * its line. After a step back in the history the list is shown only a moment later. Returns whether a place
 * is the one on the screen.
 */
export function useReturnToLine(selected: Place | null, messageId: Id | null, isSearchWanted: () => boolean): (place: Place) => boolean {
  const shown = useRef<Place | null>(null)
  const shownMessage = useRef<Id | null>(null)
  const searchIsNext = useEffectEvent(isSearchWanted)
  useEffect(() => {
    if (selected === null && shown.current !== null) {
      const wanted = searchIsNext()
        ? ['.search input']
        : // A group that was left no longer has a line.
          [`[data-found="${shownMessage.current}"]`, `[data-place="${placeKey(shown.current)}"] [data-conversation]`, '[data-conversation]']
      const [target] = wanted.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? [])
      target?.focus()
    }
    shown.current = selected
    shownMessage.current = messageId
  }, [selected, messageId])
  return useCallback((place) => isSamePlace(place, shown.current), [])
}
