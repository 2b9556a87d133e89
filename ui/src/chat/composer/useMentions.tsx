import { type ReactNode, type RefObject, useRef } from 'react'
import { lazily } from '../../lib/lazily'
import type { Conversation, Id } from '../../protocol/resources'
import type { MentionsIn } from './mentionsIn'

export const Mentions = lazily(() => import('./Mentions').then((module) => module.Mentions))

/** In a group, "@" offers its people. `list` is for the composer, `in` says whom a text mentions. */
export function useMentions(userId: Id, conversation: Conversation, text: string, composer: RefObject<HTMLElement | null>): { list: ReactNode; in: (content: string) => { mentions?: Id[] } } {
  const known = useRef<MentionsIn | null>(null)
  // An older server knows neither pins nor mentions.
  const isWanted = conversation.kind === 'group' && conversation.pinned_messages !== undefined && text.includes('@')
  return {
    list: isWanted && <Mentions userId={userId} conversation={conversation} composer={composer} knownRef={known} />,
    in: (content) => {
      const mentions = known.current?.(content) ?? []
      return mentions.length > 0 ? { mentions } : {}
    },
  }
}
