import './second-factor.css'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { confirmSecondFactor, type SecondFactorSetup as Setup, setUpSecondFactor } from '../actions/secondFactorAction'
import { errorText } from '../i18n/errorText'
import { addLaterTexts } from '../i18n/later'
import { useSecurityTexts } from '../i18n/security/texts'
import { useTranslation } from '../i18n/useTranslation'
import { QrCode } from '../parts/QrCode'
import { CodeField } from './CodeField'
import { PasswordField } from './PasswordField'
import { RecoveryCodes } from './RecoveryCodes'
import { useHasProvider } from './useHasProvider'

addLaterTexts()

interface SecondFactorSetupProps {
  /** The second factor is on, and the person has kept the recovery codes, unless another tab has turned it on. */
  onDone: () => void
  /** Without it there is no way back. */
  onCancel?: () => void
}

/** The password, scanning the QR code, a first code of the app, then the recovery codes. */
export function SecondFactorSetup({ onDone, onCancel }: SecondFactorSetupProps) {
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const cancel = onCancel && { onCancel }
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  if (setup) return <FirstCode setup={setup} onCodes={setCodes} onAlreadyOn={onDone} {...cancel} />
  return <OwnPassword onSetup={setSetup} onAlreadyOn={onDone} {...cancel} />
}

/** Another tab, which shows the recovery codes, may have set it up meanwhile. */
interface StepProps {
  onAlreadyOn: () => void
  onCancel?: () => void
}

interface OwnPasswordProps extends StepProps {
  onSetup: (setup: Setup) => void
}

function OwnPassword({ onSetup, onAlreadyOn, onCancel }: OwnPasswordProps) {
  const { t: common } = useTranslation()
  const t = useSecurityTexts()
  const hasProvider = useHasProvider()
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setIsSubmitting] = useState(false)
  /** The server has refused an empty password: the log-in at the provider was too long ago, and stays so. */
  const [isStale, setIsStale] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
  }, [])
  const show = (text: string) => {
    setProblem(text)
    field.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (!password && !hasProvider) return show(common('login.passwordMissing'))
    if (!password && isStale) return show(t('passwordNone'))
    setProblem(null)
    setIsSubmitting(true)
    return setUpSecondFactor(password).then(onSetup, (error: unknown) => {
      setIsSubmitting(false)
      const reason = errorCode(error)
      if (reason === 'second_factor_on') onAlreadyOn()
      else if (reason === 'invalid_password' && !password) {
        setIsStale(true)
        show(t('passwordNone'))
      } else show(reason === 'invalid_password' ? t('passwordWrong') : errorText(common, reason))
    })
  }
  return (
    <form className="login-form second-factor" noValidate onSubmit={(event) => void submit(event)}>
      <p>{t('passwordFirst')}</p>
      <PasswordField ref={field} label={t('password')} autoComplete="current-password" value={password} problem={problem} onChange={setPassword} />
      {hasProvider && problem !== t('passwordNone') && <p className="field-hint">{t('passwordNone')}</p>}
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t('next')}
      </button>
      <Cancel {...(onCancel && { onCancel })} />
    </form>
  )
}

function Cancel({ onCancel }: { onCancel?: () => void }) {
  const t = useSecurityTexts()
  return (
    onCancel && (
      <button type="button" className="button" onClick={onCancel}>
        {t('cancel')}
      </button>
    )
  )
}

interface FirstCodeProps extends StepProps {
  setup: Setup
  onCodes: (codes: string[]) => void
}

function FirstCode({ setup, onCodes, onAlreadyOn, onCancel }: FirstCodeProps) {
  const { t: common } = useTranslation()
  const t = useSecurityTexts()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setIsSubmitting] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const first = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    first.current?.focus() // the password's field is gone
  }, [])
  const show = (text: string) => {
    setProblem(text)
    field.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (!code.trim()) return show(t('codeMissing'))
    setProblem(null)
    setIsSubmitting(true)
    return confirmSecondFactor(code.trim()).then(onCodes, (error: unknown) => {
      setIsSubmitting(false)
      const reason = errorCode(error)
      if (reason === 'second_factor_on') onAlreadyOn()
      else show(reason === 'invalid_second_factor' ? t('codeWrong') : errorText(common, reason))
    })
  }
  return (
    <form className="login-form second-factor" noValidate onSubmit={(event) => void submit(event)}>
      <p ref={first} tabIndex={-1}>
        {t('scan')}
      </p>
      <QrCode text={setup.uri} label={t('qr')} />
      <p className="field-hint">
        {t('typed')} <code dir="ltr">{inFours(setup.secret)}</code>
      </p>
      <a className="page-link" href={setup.uri}>
        {t('open')}
      </a>
      <p>{t('enter')}</p>
      <CodeField ref={field} label={t('code')} value={code} problem={problem} onChange={setCode} />
      <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
        {t('confirm')}
      </button>
      <Cancel {...(onCancel && { onCancel })} />
    </form>
  )
}

function inFours(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ')
}
