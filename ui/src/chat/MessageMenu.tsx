import { Copy, Ellipsis, Pencil, Reply, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDismiss } from '../lib/useDismiss'

export type MessageAction = 'reply' | 'copy' | 'edit' | 'delete'

const icons = { reply: Reply, copy: Copy, edit: Pencil, delete: Trash2 }

interface MessageMenuProps {
  actions: readonly MessageAction[]
  onAction: (action: MessageAction) => void
}

export function MessageMenu({ actions, onAction }: MessageMenuProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const whole = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  const close = () => {
    setIsOpen(false)
    button.current?.focus()
  }
  useDismiss(isOpen, whole, close)
  useEffect(() => {
    if (!isOpen) return
    menu.current?.scrollIntoView({ block: 'nearest' })
    items(menu.current)[0]?.focus()
  }, [isOpen])

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items(menu.current)
    const at = all.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Tab') setIsOpen(false)
    if (next === undefined) return
    event.preventDefault()
    all[next % all.length]?.focus()
  }

  return (
    <div className="message-menu" ref={whole} data-open={isOpen || undefined}>
      <button
        ref={button}
        type="button"
        className="icon-button is-small"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={t('message.actions')}
        onClick={() => {
          setIsOpen(!isOpen)
        }}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </button>
      {isOpen && (
        <div className="menu" role="menu" tabIndex={-1} aria-label={t('message.actions')} ref={menu} onKeyDown={onKeyDown}>
          {actions.map((action) => {
            const Icon = icons[action]
            return (
              <button
                key={action}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className={`menu-item${action === 'delete' ? ' is-danger' : ''}`}
                onClick={() => {
                  close()
                  onAction(action)
                }}
              >
                <Icon size={16} aria-hidden="true" />
                {t(`message.${action}`)}
              </button>
            )
          })}
        </div>
      )}
    </div>
  )
}

function items(menu: HTMLElement | null): HTMLElement[] {
  return Array.from(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])
}
