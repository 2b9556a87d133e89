import { Clock } from 'lucide-react'
import { type ComponentProps, useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { lazily } from '../../lib/lazily'
import type { SendMenuPopup as Popup } from './SendMenuPopup'

export const SendMenuPopup = lazily(() => import('./SendMenuPopup').then((module) => module.SendMenuPopup))

/** Beside the send button: when else than now, and what waits. Until it is clicked it is only a button. */
export function SendMenu(props: Omit<ComponentProps<typeof Popup>, 'button' | 'isOpen' | 'onClose'>) {
  const { t } = useTranslation()
  const [menu, setMenu] = useState<'unused' | 'closed' | 'open'>('unused')
  const button = useRef<HTMLButtonElement>(null)
  const isOpen = menu === 'open'
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={t('composer.later')}
        title={t('composer.later')}
        onClick={() => {
          setMenu(isOpen ? 'closed' : 'open')
        }}
      >
        <Clock size={18} aria-hidden="true" />
      </button>
      {menu !== 'unused' && (
        <SendMenuPopup
          {...props}
          button={button}
          isOpen={isOpen}
          onClose={() => {
            setMenu('closed')
          }}
        />
      )}
    </>
  )
}
