import { type Dispatch, startTransition, useCallback, useOptimistic } from 'react'
import { errorCode } from '../../actions/apiCall'
import { pinMessage, unpinMessage } from '../../actions/messagerieAction'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'
import { withPin } from './pins'

type Pin = (messageId: Id, adds: boolean) => void

const none: Id[] = []

/** The pinned messages with what the user has just changed, which is undone if it is refused. */
export function usePins({ conversation_id: id, pinned_messages: stored = none }: Conversation, dispatch: Dispatch<ChatEvent>): [readonly Id[], Pin] {
  const [pinned, show] = useOptimistic(stored)
  const pin = useCallback<Pin>(
    (messageId, adds) => {
      const message: Pick<Message, 'id' | 'conversation_id'> = { id: messageId, conversation_id: id }
      startTransition(async () => {
        show((before) => withPin(before, messageId, adds))
        await asking(dispatch, async (request) => {
          await (adds ? pinMessage : unpinMessage)(message)
          dispatch({ type: 'pinStored', conversationId: id, messageId, adds, request })
        }).catch((error: unknown) => {
          dispatch({ type: 'noticed', code: errorCode(error), undone: 'pin' })
        })
      })
    },
    [id, dispatch, show],
  )
  return [pinned, pin]
}
