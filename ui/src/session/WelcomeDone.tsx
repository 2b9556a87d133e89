import { useCallback } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { useWelcomeTexts } from '../i18n/welcome/texts'
import { FormProblem } from './FormProblem'
import type { Admission } from './useAdmission'

addLaterTexts()

/** The code is used up and the password saved: what is left is to open the messages. */
export function WelcomeDone({ admission: { username, address, entry }, onEnter }: { admission: Admission; onEnter: (erasesUnsent?: boolean) => void }) {
  const { t: common } = useTranslation()
  const t = useWelcomeTexts()
  const problem = entry.status === 'waiting' ? entry.problem : null
  const isWarned = problem?.kind === 'unsent'
  const retry = useCallback(() => {
    onEnter()
  }, [onEnter])
  return (
    <div className="login-form">
      <div className="alert is-good" role="status">
        <p>{t('done')}</p>
        {address && <p>{t(address.outcome === 'to_confirm' ? 'confirm' : 'emailUnavailable', { email: address.email })}</p>}
        <p>{t('nextTime', { username })}</p>
      </div>
      {problem && <FormProblem problem={problem} onOver={retry} />}
      <button
        type="button"
        className="button is-primary is-large"
        disabled={entry.status === 'entering'}
        onClick={() => {
          onEnter(isWarned)
        }}
      >
        {entry.status === 'entering' ? common('login.submitting') : isWarned ? common('login.submitErasing') : t('submit')}
      </button>
    </div>
  )
}
