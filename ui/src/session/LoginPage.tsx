import './session.css'
import { useTranslation } from 'react-i18next'
import type { SessionEnd } from '../actions/connection'
import { LanguageSelect } from './LanguageSelect'
import { LoginForm } from './LoginForm'
import { Logo } from './Logo'

interface LoginPageProps {
  reason: SessionEnd | null
  onLogIn: (identity: string, password: string) => Promise<void>
}

export function LoginPage({ reason, onLogIn }: LoginPageProps) {
  const { t } = useTranslation()
  return (
    <main className="login">
      <div className="login-card">
        <header className="login-header">
          <Logo />
          <div>
            <p className="login-brand">{t('app.name')}</p>
            <p className="login-tagline">{t('login.tagline')}</p>
          </div>
        </header>
        <h1>{t('login.title')}</h1>
        {reason && (
          <p className="alert is-info" role="status">
            {t(reason === 'disabled' ? 'login.disabled' : 'login.expired')}
          </p>
        )}
        <LoginForm onLogIn={onLogIn} />
      </div>
      <LanguageSelect />
    </main>
  )
}
