import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { Modal } from '../parts/Modal'
import type { Me } from '../protocol/resources'
import { ProfileSettings } from '../session/ProfileSettings'
import type { SessionHandle } from '../session/useSession'

addLaterTexts()

interface ProfileDialogProps {
  me: Me
  handle: SessionHandle
  onClose: () => void
}

/** The account's settings in the chat's dialog; a separate file, because both are loaded on demand. */
export function ProfileDialog({ me, handle, onClose }: ProfileDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal title={t('profile.title')} onClose={onClose}>
      <ProfileSettings
        me={me}
        onChange={handle.changeMe}
        onPassword={(current, password) => handle.changePassword(me, current, password)}
        onSignOutOthers={() => handle.signOutOthers(me)}
      />
    </Modal>
  )
}
