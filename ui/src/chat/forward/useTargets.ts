import { useMemo } from 'react'
import { personDescription } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { placeKey, type Place } from '../../lib/place'
import { matcherOf } from '../../lib/searchText'
import type { Conversation, Id, User } from '../../protocol/resources'
import { byActivity, conversationName, directWith, isAlone, othersOf, searchWords } from '../state/conversations'
import { type ContactSearch, useContactSearch } from '../state/useContactSearch'

/** Whom a message can be forwarded to: a conversation, or somebody without one yet. */
export interface Target {
  key: string
  place: Place
  person?: User
  name: string
  detail: string
  avatarId: Id
  isGroup: boolean
}

const mostShown = 30

interface TargetsProps {
  userId: Id
  establishmentId: Id
  conversations: Readonly<Record<Id, Conversation>>
}

/** The conversations that match a search and that one may write to, the most recent first, then other people. */
export function useTargets({ userId, establishmentId, conversations }: TargetsProps, query: string): { targets: Target[]; search: ContactSearch } {
  const { t } = useTranslation()
  const search = useContactSearch(establishmentId, query)
  const own = useMemo(() => {
    const matches = matcherOf(query)
    const isSearch = query.trim() !== ''
    return byActivity(Object.values(conversations))
      .filter((one) => one.can_write !== false && !isAlone(one, userId) && (isSearch ? matches(searchWords(one, userId)) : !one.archived && (one.kind === 'group' || one.last_message)))
      .slice(0, mostShown)
      .map((one): Target => {
        const [other] = othersOf(one, userId)
        const isGroup = one.kind === 'group'
        const id = one.conversation_id
        return {
          key: placeKey({ conversation: id }),
          place: { conversation: id },
          name: conversationName(one, userId) || t(isGroup ? 'chat.emptyGroup' : 'chat.unknown'),
          detail: isGroup ? t('chat.people', { count: one.participant_count }) : other ? personDescription(other) : '',
          avatarId: isGroup ? id : (other?.id ?? 0),
          isGroup,
        }
      })
  }, [conversations, userId, query, t])
  const people = search.status === 'found' ? search.people : []
  const others = people
    .filter((person) => !directWith(conversations, userId, person.id))
    .map((person): Target => ({
      key: placeKey({ person: person.id }),
      place: { person: person.id },
      person,
      name: fullName(person),
      detail: personDescription(person),
      avatarId: person.id,
      isGroup: false,
    }))
  return { targets: [...own, ...others], search }
}
