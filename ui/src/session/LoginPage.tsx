import { useTranslation } from 'react-i18next'
import type { SessionEnd } from '../actions/connection'
import { LoginForm } from './LoginForm'
import { LoginFrame } from './LoginFrame'

interface LoginPageProps {
  reason: SessionEnd | null
  onLogIn: (identity: string, password: string) => Promise<void>
}

export function LoginPage({ reason, onLogIn }: LoginPageProps) {
  const { t } = useTranslation()
  return (
    <LoginFrame title={t('login.title')}>
      {reason && (
        <p className="alert is-info" role="status">
          {t(reason === 'disabled' ? 'login.disabled' : 'login.expired')}
        </p>
      )}
      <LoginForm onLogIn={onLogIn} />
    </LoginFrame>
  )
}
