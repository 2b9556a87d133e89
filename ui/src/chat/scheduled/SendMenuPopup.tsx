import { Menu } from '@base-ui/react/menu'
import { type RefObject, use, useRef, useState } from 'react'
import type { Language } from '../../i18n/i18n'
import { scheduleTextsIn } from '../../i18n/schedule/texts'
import { proposalText, whenText } from '../../i18n/schedule/whenText'
import { useTranslation } from '../../i18n/useTranslation'
import { useLayer } from '../../lib/layers'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Timestamp } from '../../protocol/resources'
import { Sending } from '../state/sending'
import { LaterDialog } from './LaterDialog'
import { proposalsAt } from './proposals'

export interface SendMenuPopupProps {
  button: RefObject<HTMLButtonElement | null>
  isOpen: boolean
  zone: string | undefined
  /** When a message that is sent now would be delivered, if that is later. */
  quietUntil: Timestamp | null | undefined
  mayBeUrgent: boolean
  onClose: () => void
}

/** Sensible times, another one, or at once in spite of quiet hours. */
export function SendMenuPopup({ button, isOpen, zone, quietUntil, mayBeUrgent, onClose }: SendMenuPopupProps) {
  const language = useTranslation().i18n.language as Language
  const t = scheduleTextsIn(language)
  const send = use(Sending)
  const [asked, setAsked] = useState<'time' | 'urgent' | null>(null)
  const popup = useRef<HTMLDivElement>(null)
  useLayer(isOpen ? onClose : undefined)
  const now = new Date()
  const proposals = proposalsAt(now, zone, quietUntil)
  // Back to the button, unless sending has moved the focus to the field.
  const finalFocus = () => {
    const focused = document.activeElement
    return focused === document.body || popup.current?.contains(focused) ? button.current : false
  }
  const sendAt = (at: Date) => send?.({ deliverAt: at.toISOString() })
  const close = () => {
    setAsked(null)
  }
  return (
    <>
      <Menu.Root
        open={isOpen}
        onOpenChange={(opens) => {
          if (!opens) onClose()
        }}
        onOpenChangeComplete={(hasOpened) => {
          if (hasOpened) popup.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
        }}
      >
        <Menu.Portal container={button.current?.closest<HTMLElement>('.messagerie') ?? undefined}>
          <Menu.Positioner className="menu-place" anchor={button} side="top" align="end" sideOffset={4} collisionPadding={8}>
            <Menu.Popup ref={popup} className="menu" aria-label={t('menu')} finalFocus={finalFocus}>
              {proposals.map(({ name, at }) => (
                <Menu.Item key={name} className="menu-item is-time" disabled={!send} onClick={() => { sendAt(at) }}>
                  <span>{t(name)}</span>{' '}
                  <span className="menu-detail">{name === 'opening' ? whenText(language, at, zone, now) : proposalText(language, at, zone, name !== 'monday')}</span>
                </Menu.Item>
              ))}
              <Menu.Item className="menu-item" disabled={!send} onClick={() => { setAsked('time') }}>
                {t('choose')}
              </Menu.Item>
              {mayBeUrgent && (
                <Menu.Item className="menu-item is-danger" disabled={!send} onClick={() => { setAsked('urgent') }}>
                  {t('urgent')}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asked === 'time' && (
        <LaterDialog
          zone={zone}
          at={(proposals.find(({ name }) => name === 'tomorrow') ?? proposals.at(-1))?.at ?? now}
          onSend={(at) => {
            close()
            sendAt(at)
          }}
          onClose={close}
        />
      )}
      {asked === 'urgent' && (
        <ConfirmDialog
          title={t('urgentTitle')}
          text={t('urgentText')}
          action={t('urgentSend')}
          onConfirm={() => {
            close()
            send?.({ urgent: true })
          }}
          onClose={close}
        />
      )}
    </>
  )
}
