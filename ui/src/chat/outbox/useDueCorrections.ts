import { useEffect, useEffectEvent } from 'react'
import type { Id, Message } from '../../protocol/resources'
import type { ChatState } from '../state/chatState'
import { readDraft, storeDraft } from '../state/useDraft'
import { forgetIntent, readDue } from '../state/useIntent'

/**
 * Saves, over the next link, edits that failed only because of the connection. The one in the open conversation
 * saves itself (EditComposer), which also shows the text and the reason of a refused one.
 */
export function useDueCorrections(
  { userId, link }: ChatState,
  selectedId: Id | null,
  edit: (message: Pick<Message, 'id' | 'conversation_id'>, content: string) => Promise<void>,
): void {
  const epoch = link.status === 'open' ? link.epoch : 0
  const save = useEffectEvent(() => {
    for (const { conversationId, messageId } of readDue(userId)) {
      if (conversationId === selectedId) continue
      const place = { userId, place: { conversation: conversationId }, of: messageId }
      const text = readDraft(place)
      edit({ id: messageId, conversation_id: conversationId }, text.trim()).then(
        () => {
          // Unless the text has been changed in the meantime.
          if (readDraft(place) !== text) return
          storeDraft(place, '')
          forgetIntent(userId, conversationId)
        },
        () => undefined,
      )
    }
  })
  useEffect(() => {
    if (epoch > 0) save()
  }, [epoch])
}
