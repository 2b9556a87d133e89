import { Menu } from '@base-ui/react/menu'
import { Archive, ArchiveRestore, Bell, BellOff, Mail, MailOpen, Pin, PinOff } from 'lucide-react'
import { useRef } from 'react'
import type { ConversationChange } from '../../actions/messagerieAction'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { useLayer } from '../../lib/layers'
import type { Conversation } from '../../protocol/resources'
import { isUnread } from '../state/conversations'
import { muteDurations, muteFor } from '../state/muteEnds'

addLaterTexts()

export interface LineMenuProps {
  /** The line in the list. */
  line: HTMLElement
  conversation: Conversation
  onChange: (change: ConversationChange) => void
  onRead: () => void
  onUnread: () => void
  /** What gets the focus if the line is no longer there. */
  focusAfter: () => HTMLElement | null
  onClose: () => void
}

/** What a conversation is to the user alone: pinned, unread, archived, muted. */
export function LineMenu({ line, conversation, onChange, onRead, onUnread, focusAfter, onClose }: LineMenuProps) {
  const { t } = useTranslation()
  useLayer(onClose)
  const popup = useRef<HTMLDivElement>(null)
  const { pinned = false, archived = false, muted } = conversation
  const unread = isUnread(conversation)
  const items = [
    { key: pinned ? 'unpin' : 'pin', Icon: pinned ? PinOff : Pin, act: () => { onChange({ pinned: !pinned }) } },
    { key: unread ? 'markRead' : 'markUnread', Icon: unread ? MailOpen : Mail, act: unread ? onRead : onUnread },
    { key: archived ? 'unarchive' : 'archive', Icon: archived ? ArchiveRestore : Archive, act: () => { onChange({ archived: !archived }) } },
    ...(muted ? [{ key: 'unmute', Icon: Bell, act: () => { onChange({ muted: false }) } } as const] : []),
  ] as const
  return (
    <Menu.Root
      open
      onOpenChange={(opens) => {
        if (!opens) onClose()
      }}
      onOpenChangeComplete={(hasOpened) => {
        if (hasOpened) popup.current?.querySelector<HTMLElement>('.menu-item')?.focus()
      }}
    >
      <Menu.Portal container={line.closest<HTMLElement>('.messagerie') ?? undefined}>
        <Menu.Positioner className="menu-place" anchor={line} align="end" sideOffset={-8} collisionPadding={8}>
          <Menu.Popup ref={popup} className="menu" aria-label={t('own.menu')} finalFocus={() => line.querySelector<HTMLElement>('.conversation') ?? focusAfter()}>
            {items.map(({ key, Icon, act }) => (
              <Menu.Item key={key} className="menu-item" onClick={act}>
                <Icon size={16} aria-hidden="true" />
                {t(`own.${key}`)}
              </Menu.Item>
            ))}
            {!muted && (
              <Menu.Group className="menu-group">
                <Menu.GroupLabel className="menu-label">
                  <BellOff size={16} aria-hidden="true" />
                  {t('own.mute')}
                </Menu.GroupLabel>
                {muteDurations.map((duration) => (
                  <Menu.Item key={duration} className="menu-item is-nested" onClick={() => { onChange(muteFor(duration)) }}>
                    {t(`own.${duration}`)}
                  </Menu.Item>
                ))}
              </Menu.Group>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
