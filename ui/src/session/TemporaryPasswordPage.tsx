import { useTranslation } from '../i18n/useTranslation'
import { LoginFrame } from './LoginFrame'
import { NewPasswordForm } from './NewPasswordForm'

interface TemporaryPasswordPageProps {
  /** The temporary password, where it was typed just now: nobody types it twice. */
  typed: string | null
  onChange: (current: string, password: string) => Promise<void>
  onLogOut: () => void
}

/** The school chose the password that is used now; nothing else goes before choosing another. */
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
