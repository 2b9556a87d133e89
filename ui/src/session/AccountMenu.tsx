import './session.css'
import { CircleQuestionMark, CircleUserRound, LogOut, School, Settings } from 'lucide-react'
import { useRef, useState } from 'react'
import { fullName } from '../i18n/personName'
import { useTranslation } from '../i18n/useTranslation'
import { useLayer } from '../lib/layers'
import { useDismiss } from '../lib/useDismiss'
import { Select } from '../parts/Select'
import type { Id, Me } from '../protocol/resources'
import { identityOf } from './identity'

interface AccountMenuProps {
  me: Me
  establishmentId: Id
  onEstablishment: (id: Id) => void
  /** Undefined for those who don't administer the school. */
  onAdmin: (() => void) | undefined
  onProfile: () => void
  onHelp: () => void
  onLogOut: () => void
}

export function AccountMenu({ me, establishmentId, onEstablishment, onAdmin, onProfile, onHelp, onLogOut }: AccountMenuProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const whole = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setIsOpen(false)
    button.current?.focus()
  }
  // A dialog restores the focus later, when the panel is unmounted: so it moves to the button first.
  const leaveFor = (open: () => void) => {
    close()
    open()
  }
  useDismiss(isOpen, whole, close)
  useLayer(isOpen ? close : undefined)
  return (
    <div className="account" ref={whole}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-expanded={isOpen}
        aria-label={t('account.menu')}
        title={t('account.menu')}
        onClick={() => {
          setIsOpen(!isOpen)
        }}
      >
        <CircleUserRound size={22} aria-hidden="true" />
      </button>
      {isOpen && (
        <section className="account-panel" aria-label={t('account.menu')}>
          <p className="account-name">
            <strong dir="auto">{fullName(me)}</strong>
            <span>{t(`role.${me.role}`)}</span>
            <span>{identityOf(me)}</span>
          </p>
          {me.establishments.length > 1 && (
            <label className="select">
              <span>{t('account.establishment')}</span>
              <Select
                value={establishmentId}
                onChange={(event) => {
                  onEstablishment(Number(event.target.value))
                }}
              >
                {me.establishments.map((establishment) => (
                  <option key={establishment.id} value={establishment.id}>
                    {establishment.name}
                  </option>
                ))}
              </Select>
            </label>
          )}
          {onAdmin && (
            <button type="button" className="button" onClick={onAdmin}>
              <School size={16} aria-hidden="true" />
              {t('account.admin')}
            </button>
          )}
          <button type="button" className="button" onClick={() => { leaveFor(onProfile) }}>
            <Settings size={16} aria-hidden="true" />
            {t('account.profile')}
          </button>
          <button type="button" className="button" onClick={() => { leaveFor(onHelp) }}>
            <CircleQuestionMark size={16} aria-hidden="true" />
            {t('account.help')}
          </button>
          <button type="button" className="button account-logout" onClick={() => { leaveFor(onLogOut) }}>
            <LogOut size={16} aria-hidden="true" />
            {t('account.logout')}
          </button>
        </section>
      )}
    </div>
  )
}
