import { lazily } from '../lib/lazily'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import type { EndReason } from './sessionReducer'
import { LoginForm } from './LoginForm'
import { LoginFrame } from './LoginFrame'
import { useSchool } from './useSchool'

addLaterTexts()

const ProviderButtons = lazily(async () => (await import('./ProviderButtons')).ProviderButtons)

interface LoginPageProps {
  reason: EndReason | null
  /** An address or a username. */
  identity: string
  onIdentity: (identity: string) => void
  onLogIn: (identity: string, password: string, erasesUnsent: boolean) => Promise<void>
}

export function LoginPage({ reason, ...form }: LoginPageProps) {
  const { t } = useTranslation()
  const providers = useSchool().school?.providers
  return (
    <LoginFrame title={t('login.title')}>
      {(reason === 'expired' || reason === 'disabled') && (
        <p className="alert is-info" role="status">
          {t(reason === 'disabled' ? 'login.disabled' : 'login.expired')}
        </p>
      )}
      <LoginForm {...form} />
      {providers?.[0] && <ProviderButtons providers={providers} />}
    </LoginFrame>
  )
}
