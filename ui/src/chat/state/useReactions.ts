import { type Dispatch, useCallback, useRef } from 'react'
import { errorCode } from '../../actions/apiCall'
import { addReaction, removeReaction } from '../../actions/messagerieAction'
import type { Message } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'

export type React = (message: Pick<Message, 'id' | 'conversation_id'>, emoji: string, adds: boolean) => void

/** Adds and removes the user's reactions. They are shown at once, and sent one after another: the last one wins. */
export function useReactions(dispatch: Dispatch<ChatEvent>): React {
  const turn = useRef(Promise.resolve())
  return useCallback(
    (message, emoji, adds) => {
      const change = { conversationId: message.conversation_id, messageId: message.id, emoji, adds }
      dispatch({ type: 'reacting', change })
      turn.current = turn.current.then(() =>
        asking(dispatch, async (request) => {
          await (adds ? addReaction(message, emoji) : removeReaction(message, emoji))
          dispatch({ type: 'reactionStored', change, request })
        }).catch((error: unknown) => {
          dispatch({ type: 'reactionRefused', change })
          dispatch({ type: 'noticed', code: errorCode(error), undone: 'react' })
        }),
      )
    },
    [dispatch],
  )
}
