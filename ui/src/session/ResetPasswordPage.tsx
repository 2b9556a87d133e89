import { useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { ApiError } from '../actions/apiCall'
import { confirmPasswordReset } from '../actions/sessionAction'
import { PageLink } from '../parts/PageLink'
import { LoginFrame } from './LoginFrame'
import { NewPasswordForm } from './NewPasswordForm'

addLaterTexts()

/** The page that the mail for a forgotten password links to. */
export function ResetPasswordPage({ token }: { token: string }) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<'open' | 'done' | 'expired'>('open')
  const save = async (_: string, password: string) => {
    try {
      await confirmPasswordReset(token, password)
      setOutcome('done')
    } catch (error) {
      if (!(error instanceof ApiError && 'token' in error.data)) throw error
      setOutcome('expired')
    }
  }
  return (
    <LoginFrame title={t('password.resetTitle')}>
      {outcome === 'open' && <NewPasswordForm asksCurrent={false} takesFocus onSubmit={save} />}
      {outcome === 'done' && (
        <p className="alert is-good" role="status">
          {t('password.resetDone')}
        </p>
      )}
      {outcome === 'expired' && (
        <>
          <p className="alert" role="alert">
            {t('password.linkExpired')}
          </p>
          <PageLink path="/forgot-password">{t('password.askAgain')}</PageLink>
        </>
      )}
      <PageLink path="/">{t('password.backToLogin')}</PageLink>
    </LoginFrame>
  )
}
