import { useTranslation } from '../i18n/useTranslation'
import type { EndReason } from './sessionReducer'
import { LoginForm } from './LoginForm'
import { LoginFrame } from './LoginFrame'

interface LoginPageProps {
  reason: EndReason | null
  email: string
  onEmail: (email: string) => void
  onLogIn: (identity: string, password: string, erasesUnsent: boolean) => Promise<void>
}

export function LoginPage({ reason, ...form }: LoginPageProps) {
  const { t } = useTranslation()
  return (
    <LoginFrame title={t('login.title')}>
      {(reason === 'expired' || reason === 'disabled') && (
        <p className="alert is-info" role="status">
          {t(reason === 'disabled' ? 'login.disabled' : 'login.expired')}
        </p>
      )}
      <LoginForm {...form} />
    </LoginFrame>
  )
}
