import { Menu } from '@base-ui/react/menu'
import { Copy, Pencil, Reply, Trash2 } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageAction } from './MessageMenu'

const icons = { reply: Reply, copy: Copy, edit: Pencil, delete: Trash2 }

interface MessageMenuPopupProps {
  button: RefObject<HTMLButtonElement | null>
  isOpen: boolean
  actions: readonly MessageAction[]
  onAction: (action: MessageAction) => void
  onClose: () => void
}

export function MessageMenuPopup({ button, isOpen, actions, onAction, onClose }: MessageMenuPopupProps) {
  const { t } = useTranslation()
  return (
    <Menu.Root
      open={isOpen}
      modal={false}
      onOpenChange={(opens, { event }) => {
        // A press on its button closes it by itself.
        if (!opens && !button.current?.contains(event.target as Node)) onClose()
      }}
    >
      <Menu.Portal>
        <Menu.Positioner className="menu-place" anchor={button} align="end" sideOffset={4} collisionPadding={8}>
          <Menu.Popup className="menu" aria-label={t('message.actions')} finalFocus={button}>
            {actions.map((action) => {
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
                  {t(`message.${action}`)}
                </Menu.Item>
              )
            })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
