import { type RefObject, use } from 'react'
import { EmojiPopup } from '../emoji/parts'
import { OpenConversation } from '../state/openConversation'
import type { BubbleReactions } from './reactionNames'

export interface ReactionPickerProps extends Pick<BubbleReactions, 'onReact'> {
  button: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

/** All emoji to react with. */
export function ReactionPicker({ button, onReact, onClose }: ReactionPickerProps) {
  const userId = use(OpenConversation)?.userId
  if (userId === undefined) return null
  return (
    <EmojiPopup
      userId={userId}
      button={button}
      onChoose={(emoji) => {
        onReact(emoji, true)
      }}
      onClose={onClose}
    />
  )
}
