import { useEffect, useEffectEvent } from 'react'
import { lazily } from '../lib/lazily'
import { type Place, placeKey } from '../lib/place'
import type { Conversation } from '../protocol/resources'
import type { ChatState } from './state/chatState'
import { conversationAt } from './state/contacts'
import { conversationName } from './state/conversations'
import { usePlacesOfDrafts } from './state/useDraft'
import type { Unsent } from './LeaveDialog'

export const LeaveDialog = lazily(() => import('./LeaveDialog').then((module) => module.LeaveDialog))

interface LeavingProps {
  state: ChatState
  newContacts: Conversation[]
  /** Called as soon as nothing would be lost. */
  onLeave: () => void
  onStay: () => void
}

/** Logging out erases unsent texts, so they are shown first. The outbox continues to send. */
export function Leaving({ state, newContacts, onLeave, onStay }: LeavingProps) {
  const drafts = usePlacesOfDrafts(state.userId)
  const unsent = unsentOf(state, newContacts, drafts)
  const isNothing = state.isOutboxRestored && unsent.length === 0
  const leave = useEffectEvent(onLeave)
  useEffect(() => {
    if (isNothing) leave()
  }, [isNothing])
  if (unsent.length === 0) return null
  const goesByItself = drafts.length === 0 && state.outgoing.every((one) => one.delivery.status !== 'failed')
  return <LeaveDialog unsent={unsent} goesByItself={goesByItself} onLeave={onLeave} onStay={onStay} />
}

/** In the order of the list. */
function unsentOf({ outgoing, conversations, userId }: ChatState, newContacts: Conversation[], drafts: Place[]): Unsent[] {
  const messages = outgoing.map((one) => one.place)
  const countOf = (all: Place[], key: string) => all.filter((one) => placeKey(one) === key).length
  const places = new Map([...messages, ...drafts].map((place) => [placeKey(place), place]))
  const found = [...places].map(([key, place]) => ({ key, conversation: conversationAt(place, conversations, newContacts) }))
  const activity = ({ conversation }: (typeof found)[number]) => conversation?.updated_at ?? ''
  return found.sort((a, b) => (activity(a) < activity(b) ? 1 : -1)).map(({ key, conversation }) => ({
    key,
    name: conversation ? conversationName(conversation, userId) : '',
    messages: countOf(messages, key),
    drafts: countOf(drafts, key),
  }))
}
