import { useMemo } from 'react'
import { isSamePlace, type Place, placeKey } from '../../lib/place'
import type { Conversation } from '../../protocol/resources'
import type { ChatState } from '../state/chatState'
import { placeOf } from '../state/contacts'
import { byActivity, isUnread } from '../state/conversations'
import { usePlacesWithDraft } from '../state/useDraft'

/** Which conversations are listed; a search covers all of them. */
export type ListFilter = 'all' | 'unread' | 'archived' | 'search'

/**
 * The conversations of the list, most recent first. A direct one without messages was only opened
 * by somebody else: it is shown only while it is open here, or has a draft. A group is always
 * shown, because somebody has added the user.
 */
export function useListed({ userId, conversations, outgoing }: ChatState, newContacts: Conversation[], selected: Place | null, filter: ListFilter): Conversation[] {
  const sorted = useMemo(() => byActivity([...Object.values(conversations), ...newContacts]), [conversations, newContacts])
  const all = useMemo(() => sorted.filter((one) => passes(one, filter, selected)), [sorted, filter, selected])
  const silent = useMemo(() => all.filter(isSilent), [all])
  const begun = usePlacesWithDraft(userId, silent.map(placeOf))
  // Usually there are none, and the list stays the same object.
  if (silent.length === 0) return all
  const isOurs = (place: Place) => isSamePlace(place, selected) || begun.has(placeKey(place)) || outgoing.some((one) => isSamePlace(one.place, place))
  return all.filter((one) => !isSilent(one) || isOurs(placeOf(one)))
}

function passes(one: Conversation, filter: ListFilter, selected: Place | null): boolean {
  if (filter === 'search') return true
  if (filter === 'archived') return one.archived === true
  // The open one stays among the unread ones when it is read.
  return !one.archived && (filter === 'all' || isUnread(one) || isSamePlace(placeOf(one), selected))
}

function isSilent({ kind, last_message }: Conversation): boolean {
  return kind === 'direct' && last_message === null
}
