import { useMemo } from 'react'
import { isSamePlace, type Place, placeKey } from '../../lib/place'
import type { Conversation } from '../../protocol/resources'
import type { ChatState } from '../state/chatState'
import { placeOf } from '../state/contacts'
import { byActivity } from '../state/conversations'
import { usePlacesWithDraft } from '../state/useDraft'

/**
 * The conversations of the list, most recent first. A direct one without messages was only opened
 * by somebody else: it is shown only while it is open here, or has a draft. A group is always
 * shown, because somebody has added the user.
 */
export function useListed({ userId, conversations, outgoing }: ChatState, newContacts: Conversation[], selected: Place | null): Conversation[] {
  const all = useMemo(() => byActivity([...Object.values(conversations), ...newContacts]), [conversations, newContacts])
  const silent = useMemo(() => all.filter(isSilent), [all])
  const begun = usePlacesWithDraft(userId, silent.map(placeOf))
  // Usually there are none, and the list stays the same object.
  if (silent.length === 0) return all
  const isOurs = (place: Place) => isSamePlace(place, selected) || begun.has(placeKey(place)) || outgoing.some((one) => isSamePlace(one.place, place))
  return all.filter((one) => !isSilent(one) || isOurs(placeOf(one)))
}

function isSilent({ kind, last_message }: Conversation): boolean {
  return kind === 'direct' && last_message === null
}
