import type { RefObject } from 'react'
import { insertText } from '../../lib/insertText'
import { touchQuery } from '../../lib/useMediaQuery'
import type { Id } from '../../protocol/resources'
import { EmojiPopup } from './EmojiPopup'

export interface ComposerEmojiProps {
  userId: Id
  /** In the form whose field gets the emoji. */
  button: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

export function ComposerEmoji({ userId, button, onClose }: ComposerEmojiProps) {
  return (
    <EmojiPopup
      userId={userId}
      button={button}
      onChoose={(emoji) => {
        const field = button.current?.form?.querySelector('textarea')
        if (!field) return
        // It would open a phone's keyboard.
        if (!window.matchMedia(touchQuery).matches) field.focus()
        insertText(field, emoji)
      }}
      onClose={onClose}
    />
  )
}
