import { Reply, SmilePlus } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { Message } from '../../protocol/resources'
import type { MessageAction } from './MessageMenuPopup'
import { useTouches } from './useTouches'

addLaterTexts()

export interface MessageToolsProps {
  list: RefObject<HTMLElement | null>
  messages: readonly Message[]
  mayReply: boolean
  mayReact: boolean
  onAction: (message: Message, action: MessageAction) => void
}

/**
 * Shortcuts to the menu of a message: a small bar for the mouse, a long press and a swipe for a finger. One for the
 * whole list, so that a bubble is rendered without them; the keyboard has the menu.
 */
export function MessageTools({ list, messages, mayReply, mayReact, onAction }: MessageToolsProps) {
  const { t } = useTranslation()
  const row = useRowUnderMouse(list)
  const reply = (target: HTMLElement) => {
    const message = messages.find(({ id }) => id === Number(target.dataset.message))
    if (message) onAction(message, 'reply')
  }
  const openMenu = (target: HTMLElement) => {
    target.querySelector<HTMLElement>('.message-menu [aria-haspopup]')?.click()
  }
  useTouches(list, { maySwipe: mayReply, onSwipe: reply, onLongPress: openMenu })
  const place = row?.dataset.message === undefined ? null : row.querySelector('.message-menu')
  if (!row || !place) return null
  const tools = [
    // Shown from the menu's button outwards.
    { key: 'react', Icon: SmilePlus, title: t('reaction.react'), isThere: mayReact, act: openMenu },
    { key: 'reply', Icon: Reply, title: t('message.reply'), isThere: mayReply, act: reply },
  ].filter(({ isThere }) => isThere)
  return createPortal(
    tools.map(({ key, Icon, title, act }) => (
      <button key={key} type="button" className="icon-button is-small message-tool" tabIndex={-1} aria-hidden="true" title={title} onClick={() => { act(row) }}>
        <Icon size={16} />
      </button>
    )),
    place,
  )
}

function useRowUnderMouse(list: RefObject<HTMLElement | null>): HTMLElement | null {
  const [row, setRow] = useState<HTMLElement | null>(null)
  useEffect(() => {
    const element = list.current
    if (!element) return
    const onOver = ({ target, pointerType }: PointerEvent) => {
      if (pointerType !== 'touch' && target instanceof Element) setRow(target.closest<HTMLElement>('li.message'))
    }
    const onLeave = () => {
      setRow(null)
    }
    element.addEventListener('pointerover', onOver)
    element.addEventListener('pointerleave', onLeave)
    return () => {
      element.removeEventListener('pointerover', onOver)
      element.removeEventListener('pointerleave', onLeave)
    }
  }, [list])
  return row
}
