import { Menu } from '@base-ui/react/menu'
import { CheckCheck, Copy, Forward, History, Link, MessageSquareReply, Pencil, Pin, PinOff, Reply, TextCursor, Trash2 } from 'lucide-react'
import { type RefObject, use, useRef } from 'react'
import { useMessageTexts } from '../../i18n/message/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { useLayer } from '../../lib/layers'
import type { Message } from '../../protocol/resources'
import { OpenConversation } from '../state/openConversation'
import { type FurtherAction, furtherActions, isFurther } from './furtherActions'
import { ReactionBar } from './ReactionBar'
import type { BubbleReactions } from './reactionNames'

export type MessageAction = 'reply' | 'copy' | 'edit' | 'delete' | FurtherAction

/** In the order of the menu. */
const icons = { reply: Reply, private: MessageSquareReply, copy: Copy, select: TextCursor, forward: Forward, link: Link, pin: Pin, unpin: PinOff, readers: CheckCheck, history: History, edit: Pencil, delete: Trash2 }
const order = Object.keys(icons) as MessageAction[]

export interface MessageMenuPopupProps {
  button: RefObject<HTMLButtonElement | null>
  /** Says whose message it is. */
  label: string
  isOpen: boolean
  /** A stored message, with which more can be done. */
  message?: Message | undefined
  actions: readonly MessageAction[]
  reactions?: BubbleReactions | null | undefined
  onAction: (action: MessageAction) => void
  /** Another emoji than the six is to be chosen. */
  onMore?: (() => void) | undefined
  onClose: () => void
}

export function MessageMenuPopup({ button, label, isOpen, message, actions, reactions, onAction, onMore, onClose }: MessageMenuPopupProps) {
  const { t } = useTranslation()
  const further = useMessageTexts()
  const all = [...actions, ...furtherActions(message, use(OpenConversation))]
  useLayer(isOpen ? onClose : undefined)
  const popup = useRef<HTMLDivElement>(null)
  // Back to the button, unless an action has moved the focus to the composer.
  const finalFocus = () => {
    const focused = document.activeElement
    return focused === document.body || popup.current?.contains(focused) ? button.current : false
  }
  return (
    <Menu.Root
      open={isOpen}
      onOpenChange={(opens) => {
        if (!opens) onClose()
      }}
      onOpenChangeComplete={(hasOpened) => {
        // Its button isn't the library's own, so the library can't distinguish keyboard from pointer.
        if (hasOpened) popup.current?.querySelector<HTMLElement>('.menu-item')?.focus()
      }}
    >
      {/* Inside the page's landmark, for people who navigate by landmarks. */}
      <Menu.Portal container={button.current?.closest<HTMLElement>('.messagerie') ?? undefined}>
        <Menu.Positioner className="menu-place" anchor={button} align="end" sideOffset={4} collisionPadding={8}>
          <Menu.Popup ref={popup} className="menu" aria-label={label} finalFocus={finalFocus}>
            {reactions && onMore && <ReactionBar {...reactions} onMore={onMore} />}
            {order.filter((action) => all.includes(action)).map((action) => {
              const Icon = icons[action]
              return (
                <Menu.Item
                  key={action}
                  className={`menu-item${action === 'delete' ? ' is-danger' : ''}`}
                  onClick={() => {
                    onAction(action)
                  }}
                >
                  <Icon size={16} aria-hidden="true" />
                  {isFurther(action) ? further(`action.${action}`) : t(`message.${action}`)}
                </Menu.Item>
              )
            })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
