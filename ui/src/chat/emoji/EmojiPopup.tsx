import './emoji.css'
import { Dialog } from '@base-ui/react/dialog'
import { Popover } from '@base-ui/react/popover'
import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useRef } from 'react'
import { useEmojiTexts } from '../../i18n/emoji/texts'
import { useLayer } from '../../lib/layers'
import { phoneQuery, useMediaQuery } from '../../lib/useMediaQuery'
import { useScope } from '../../parts/useScope'
import type { Id } from '../../protocol/resources'
import { EmojiPicker } from './EmojiPicker'

export interface EmojiPopupProps {
  userId: Id
  /** Beside which it opens. */
  button: RefObject<HTMLButtonElement | null>
  onChoose: (emoji: string) => void
  onClose: () => void
}

/** The emoji to choose one from: beside a button, on a phone a sheet at the bottom of the screen. */
export function EmojiPopup({ userId, button, onChoose, onClose }: EmojiPopupProps) {
  const isPhone = useMediaQuery(phoneQuery)
  const popup = useRef<HTMLDivElement>(null)
  useLayer(onClose)
  const Frame = isPhone ? Sheet : Bubble
  return (
    <Frame
      button={button}
      popup={popup}
      firstFocus={popup}
      lastFocus={() => {
        // Unless what was done with the emoji has moved the focus.
        const focused = document.activeElement
        return focused === document.body || popup.current?.contains(focused) ? button.current : false
      }}
      onClose={onClose}
    >
      <EmojiPicker
        userId={userId}
        columns={isPhone ? 8 : 9}
        onChoose={(emoji) => {
          onChoose(emoji)
          onClose()
        }}
      />
    </Frame>
  )
}

interface FrameProps extends Pick<EmojiPopupProps, 'button' | 'onClose'> {
  popup: RefObject<HTMLDivElement | null>
  /** Until the emoji are there. */
  firstFocus: RefObject<HTMLElement | null>
  lastFocus: () => HTMLElement | false | null
  children: ReactNode
}

function Bubble({ button, popup, firstFocus, lastFocus, onClose, children }: FrameProps) {
  const t = useEmojiTexts()
  return (
    <Popover.Root
      open
      onOpenChange={(opens) => {
        if (!opens) onClose()
      }}
    >
      <Popover.Portal container={button.current?.closest<HTMLElement>('.messagerie') ?? undefined}>
        <Popover.Positioner className="menu-place" anchor={button} side="top" align="start" sideOffset={8} collisionPadding={8}>
          <Popover.Popup ref={popup} className="emoji-popup" aria-label={t('title')} initialFocus={firstFocus} finalFocus={lastFocus}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Sheet({ popup, firstFocus, lastFocus, onClose, children }: FrameProps) {
  const t = useEmojiTexts()
  return (
    <Dialog.Root
      open
      onOpenChange={(opens) => {
        if (!opens) onClose()
      }}
    >
      <Dialog.Portal {...useScope()}>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup ref={popup} className="emoji-popup is-sheet" initialFocus={firstFocus} finalFocus={lastFocus}>
          <header className="emoji-header">
            <Dialog.Title>{t('title')}</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label={t('close')}>
              <X size={20} aria-hidden="true" />
            </Dialog.Close>
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
