import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { requestPasswordReset } from '../actions/sessionAction'
import { PageLink } from '../parts/PageLink'
import { EmailField, emailProblem } from './EmailField'
import { FormProblem } from './FormProblem'
import { LoginFrame } from './LoginFrame'
import { type LoginProblem, requestProblem } from './loginError'
import { useSchool } from './useSchool'

addLaterTexts()

interface ForgotPasswordPageProps {
  email: string
  onEmail: (email: string) => void
}

type Outcome = 'open' | 'sent' | 'noMail'

/** Requests the mail with the link, if the school can send mail. It doesn't reveal who has an account. */
export function ForgotPasswordPage({ email, onEmail }: ForgotPasswordPageProps) {
  const { t } = useTranslation()
  const { school, isAsked } = useSchool()
  const [outcome, setOutcome] = useState<Outcome>('open')
  const sendsNone = outcome === 'noMail' || school?.password_reset === false
  return (
    <LoginFrame title={t('password.forgotTitle')}>
      {sendsNone ? (
        <p className="alert is-info" role="status">
          {t('password.forgotOffice')}
        </p>
      ) : outcome === 'sent' ? (
        <p className="alert is-good" role="status">
          {t('password.forgotSent')}
        </p>
      ) : (
        (school || !isAsked) && <LinkRequest email={email} onEmail={onEmail} onOutcome={setOutcome} />
      )}
      <PageLink path="/">{t('password.backToLogin')}</PageLink>
    </LoginFrame>
  )
}

type Request = { status: 'asking'; wrongEmail: string | null; refusal: LoginProblem | null } | { status: 'sending' }

const asking: Request = { status: 'asking', wrongEmail: null, refusal: null }

function LinkRequest({ email, onEmail, onOutcome }: ForgotPasswordPageProps & { onOutcome: (outcome: Outcome) => void }) {
  const { t } = useTranslation()
  const [request, setRequest] = useState<Request>(asking)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
  }, [])
  const forgetRefusal = useCallback(() => {
    setRequest(asking)
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wrongEmail = emailProblem(t, email)
    if (wrongEmail) {
      setRequest({ status: 'asking', wrongEmail, refusal: null })
      field.current?.focus()
      return
    }
    setRequest({ status: 'sending' })
    requestPasswordReset(email.trim()).then(
      () => {
        onOutcome('sent')
      },
      (error: unknown) => {
        const refusal = requestProblem(error)
        if (refusal.kind === 'code' && refusal.code === 'mail_unavailable') onOutcome('noMail')
        else setRequest({ status: 'asking', wrongEmail: null, refusal })
      },
    )
  }

  return (
    <form className="login-form" noValidate onSubmit={submit}>
      <p className="login-text">{t('password.forgotText')}</p>
      <EmailField
        ref={field}
        hint={t('password.forgotNoEmail')}
        value={email}
        problem={request.status === 'asking' ? request.wrongEmail : null}
        onChange={onEmail}
      />
      {request.status === 'asking' && request.refusal && <FormProblem problem={request.refusal} onOver={forgetRefusal} />}
      <button type="submit" className="button is-primary is-large" disabled={request.status === 'sending'}>
        {t('password.forgotSubmit')}
      </button>
    </form>
  )
}
