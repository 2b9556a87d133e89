import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { LoginFrame } from './LoginFrame'
import { NewPasswordForm } from './NewPasswordForm'

addLaterTexts()

interface TemporaryPasswordPageProps {
  /** The temporary password, if it was just typed, so that it needn't be typed twice. */
  typed: string | null
  onChange: (current: string, password: string) => Promise<void>
  onLogOut: () => void
}

/** The current password was chosen by the school; the person has to choose another one before anything else. */
export function TemporaryPasswordPage({ typed, onChange, onLogOut }: TemporaryPasswordPageProps) {
  const { t } = useTranslation()
  return (
    <LoginFrame title={t('password.temporaryTitle')}>
      <p className="login-text">{t('password.temporaryText')}</p>
      <NewPasswordForm
        asksCurrent={typed === null}
        known={typed}
        takesFocus
        onSubmit={(current, password) => onChange(typed ?? current, password)}
      />
      <button type="button" className="page-link" onClick={onLogOut}>
        {t('account.logout')}
      </button>
    </LoginFrame>
  )
}
