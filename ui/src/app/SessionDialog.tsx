import { useRef } from 'react'
import { fullName } from '../i18n/personName'
import { useTranslation } from '../i18n/useTranslation'
import { Avatar } from '../parts/Avatar'
import { Modal } from '../parts/Modal'
import type { Me } from '../protocol/resources'
import { NewPasswordForm } from '../session/NewPasswordForm'
import { PasswordForm } from '../session/PasswordForm'
import type { SessionHandle } from '../session/useSession'

interface SessionDialogProps {
  me: Me
  /** The temporary password, if that was typed, so that it needn't be typed twice. */
  typed: string | null
  handle: SessionHandle
  /** Gets the focus back; null if nothing had it. */
  opener: HTMLElement | null
  onLeave: () => void
}

/** The session has expired: the same person continues where they were, or logs out. */
export function SessionDialog({ me, typed, handle, opener, onLeave }: SessionDialogProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const name = fullName(me)
  return (
    <Modal title={t(me.temporary_password ? 'password.temporaryTitle' : 'session.expired')} isCover firstFocus={field} lastFocus={() => opener ?? true}>
      <div className="session">
        <p>{t(me.temporary_password ? 'password.temporaryText' : 'session.text')}</p>
        <div className="session-person">
          <Avatar id={me.id} name={name} />
          <p>
            <strong dir="auto">{name}</strong>
            <span dir="ltr">{me.email}</span>
          </p>
        </div>
        {me.temporary_password ? (
          <NewPasswordForm
            asksCurrent={typed === null}
            takesFocus
            onSubmit={(current, password) => handle.changePassword(me, typed ?? current, password)}
          />
        ) : (
          <PasswordForm ref={field} email={me.email} onSubmit={(password) => handle.resume(me, password)} />
        )}
        <button type="button" className="page-link" onClick={onLeave}>
          {t('session.leave')}
        </button>
      </div>
    </Modal>
  )
}
