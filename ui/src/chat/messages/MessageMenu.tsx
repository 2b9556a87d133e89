import { Ellipsis } from 'lucide-react'
import { use, useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { lazily } from '../../lib/lazily'
import type { Message } from '../../protocol/resources'
import type { MessageAction } from './MessageMenuPopup'
import type { BubbleReactions } from './reactionNames'
import { RowTabIndex } from './useRowFocus'

const ReactionPicker = lazily(() => import('./ReactionPicker').then((module) => module.ReactionPicker))
export const MessageMenuPopup = lazily(() => import('./MessageMenuPopup').then((module) => module.MessageMenuPopup))

interface MessageMenuProps {
  /** A stored message. */
  message?: Message
  /** Of its author; null for one's own. */
  senderName?: string | null
  actions: readonly MessageAction[]
  reactions?: BubbleReactions | null | undefined
  onAction: (action: MessageAction) => void
}

/** The actions on a message. Each bubble has one, so until it is clicked it is only a button. */
export function MessageMenu({ message, senderName = null, actions, reactions, onAction }: MessageMenuProps) {
  const { t } = useTranslation()
  const [menu, setMenu] = useState<'unused' | 'closed' | 'open' | 'emoji'>('unused')
  const button = useRef<HTMLButtonElement>(null)
  const isOpen = menu === 'open'
  const label = senderName === null ? t('message.actionsOwn') : t('message.actionsOf', { name: senderName })
  return (
    <div className="message-menu" data-open={isOpen || menu === 'emoji' || undefined}>
      <button
        ref={button}
        type="button"
        className="icon-button is-small"
        tabIndex={use(RowTabIndex)}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        onClick={() => {
          setMenu(isOpen ? 'closed' : 'open')
        }}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </button>
      {menu !== 'unused' && (
        <MessageMenuPopup
          button={button}
          label={label}
          isOpen={isOpen}
          message={message}
          actions={actions}
          reactions={reactions}
          onAction={onAction}
          onMore={() => {
            setMenu('emoji')
          }}
          onClose={() => {
            setMenu((before) => (before === 'open' ? 'closed' : before))
          }}
        />
      )}
      {menu === 'emoji' && reactions && (
        <ReactionPicker
          button={button}
          onReact={reactions.onReact}
          onClose={() => {
            setMenu('closed')
          }}
        />
      )}
    </div>
  )
}
