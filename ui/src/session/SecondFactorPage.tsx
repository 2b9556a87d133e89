import { addLaterTexts } from '../i18n/later'
import { useSecurityTexts } from '../i18n/security/texts'
import { useTranslation } from '../i18n/useTranslation'
import { LoginFrame } from './LoginFrame'
import { SecondFactorSetup } from './SecondFactorSetup'

addLaterTexts()

/** The school requires a second factor of the person's role, who has to set it up before anything else. */
export function SecondFactorPage({ onDone, onLogOut }: { onDone: () => void; onLogOut: () => void }) {
  const { t: common } = useTranslation()
  const t = useSecurityTexts()
  return (
    <LoginFrame title={t('title')}>
      <p className="login-text">{t('required')}</p>
      <SecondFactorSetup onDone={onDone} />
      <button type="button" className="page-link" onClick={onLogOut}>
        {common('account.logout')}
      </button>
    </LoginFrame>
  )
}
