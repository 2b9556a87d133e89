import { useRef } from 'react'
import { fullName } from '../i18n/personName'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { Avatar } from '../parts/Avatar'
import { Modal } from '../parts/Modal'
import type { Me } from '../protocol/resources'
import { identityOf } from '../session/identity'
import { NewPasswordForm } from '../session/NewPasswordForm'
import { PasswordForm } from '../session/PasswordForm'
import { ProviderButtons } from '../session/ProviderButtons'
import { useSchool } from '../session/useSchool'
import type { SessionHandle } from '../session/useSession'

addLaterTexts()

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
  const providers = useSchool().school?.providers
  const name = fullName(me)
  return (
    <Modal title={t(me.temporary_password ? 'password.temporaryTitle' : 'session.expired')} isCover firstFocus={field} lastFocus={() => opener ?? true}>
      <div className="session">
        <p>{t(me.temporary_password ? 'password.temporaryText' : 'session.text')}</p>
        <div className="session-person">
          <Avatar id={me.id} name={name} />
          <p>
            <strong dir="auto">{name}</strong>
            <span dir="ltr">{identityOf(me)}</span>
          </p>
        </div>
        {me.temporary_password ? (
          <NewPasswordForm
            asksCurrent={typed === null}
            takesFocus
            onSubmit={(current, password) => handle.changePassword(me, typed ?? current, password)}
          />
        ) : (
          <PasswordForm ref={field} identity={identityOf(me)} onSubmit={(password) => handle.resume(me, password)} />
        )}
        {/* Somebody may have no password here. Drafts are stored, and the page comes back. */}
        {!me.temporary_password && providers?.[0] && <ProviderButtons providers={providers} />}
        <button type="button" className="page-link" onClick={onLeave}>
          {t('session.leave')}
        </button>
      </div>
    </Modal>
  )
}
