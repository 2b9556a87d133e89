import { useMemo } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation, Id, Message } from '../../protocol/resources'
import type { Reacting } from '../state/chatState'
import { participantOf } from '../state/conversations'
import { reactionsTo } from '../state/reactions'
import { senderText } from '../state/senderText'
import type { React } from '../state/useReactions'
import type { BubbleReactions, ReactionChip } from './reactionNames'

/** How the rows of a list react; absent where nobody can, as on an older server. */
export interface RowReactions {
  /** What the server hasn't confirmed yet. */
  reacting: readonly Reacting[]
  isOffline: boolean
  onReact: React
}

/** The number of people whom a label names: a whole school would fill the screen. */
const mostNamed = 12

/** Null if there is nothing to show or do; the same object while it shows the same, so that the bubble isn't rendered. */
export function useBubbleReactions(rows: RowReactions | undefined, conversation: Conversation, userId: Id, message: Message): BubbleReactions | null {
  const { t } = useTranslation()
  const { id, conversation_id: conversationId, deleted } = message
  const reactions = reactionsTo(message, rows?.reacting ?? [], userId)
  const nameOf = (person: Id) => (person === userId ? t('message.you') : senderText(t, conversation, person))
  const chips = reactions.map(({ emoji, user_ids: people }): ReactionChip => {
    const isOwn = people.includes(userId)
    // Oneself first, whoever was quicker: « Vous et Fatima Benali ».
    const known = [...(isOwn ? [userId] : []), ...people.filter((person) => person !== userId && participantOf(conversation, person))].slice(0, mostNamed)
    return { emoji, count: people.length, isOwn, names: known.map(nameOf) }
  })
  const shown = JSON.stringify(chips)
  const mayReact = conversation.can_react === true && !deleted
  const { isOffline = false, onReact } = rows ?? {}
  return useMemo(() => {
    const known = JSON.parse(shown) as ReactionChip[]
    if (!onReact || (known.length === 0 && !mayReact)) return null
    return {
      chips: known,
      mayReact,
      isOffline,
      onReact: (emoji, adds) => {
        onReact({ id, conversation_id: conversationId }, emoji, adds)
      },
    }
  }, [shown, mayReact, isOffline, onReact, id, conversationId])
}
