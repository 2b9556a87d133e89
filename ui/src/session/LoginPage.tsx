import { useTranslation } from '../i18n/useTranslation'
import type { SessionEnd } from '../actions/connection'
import { LoginForm } from './LoginForm'
import { LoginFrame } from './LoginFrame'

interface LoginPageProps {
  reason: SessionEnd | null
  email: string
  onEmail: (email: string) => void
  onLogIn: (identity: string, password: string) => Promise<void>
}

export function LoginPage({ reason, ...form }: LoginPageProps) {
  const { t } = useTranslation()
  return (
    <LoginFrame title={t('login.title')}>
      {reason && (
        <p className="alert is-info" role="status">
          {t(reason === 'disabled' ? 'login.disabled' : 'login.expired')}
        </p>
      )}
      <LoginForm {...form} />
    </LoginFrame>
  )
}
