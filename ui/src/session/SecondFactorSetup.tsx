import './second-factor.css'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { confirmSecondFactor, type SecondFactorSetup as Setup, setUpSecondFactor } from '../actions/secondFactorAction'
import { errorText } from '../i18n/errorText'
import { useSecurityTexts } from '../i18n/security/texts'
import { useTranslation } from '../i18n/useTranslation'
import { QrCode } from '../parts/QrCode'
import { CodeField } from './CodeField'
import { RecoveryCodes } from './RecoveryCodes'

interface SecondFactorSetupProps {
  /** The second factor is on, and the person has kept the recovery codes. */
  onDone: () => void
  /** Without it there is no way back. */
  onCancel?: () => void
}

/** Scanning the QR code, a first code of the app, then the recovery codes. */
export function SecondFactorSetup({ onDone, onCancel }: SecondFactorSetupProps) {
  const { t: common } = useTranslation()
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const [problem, setProblem] = useState('')
  const isAsked = useRef(false)
  useEffect(() => {
    if (isAsked.current) return // a second secret would void the first
    isAsked.current = true
    setUpSecondFactor().then(setSetup, (error: unknown) => {
      setProblem(errorCode(error))
    })
  }, [])
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  if (setup) return <FirstCode setup={setup} onCodes={setCodes} {...(onCancel && { onCancel })} />
  return problem ? (
    <p className="alert" role="alert">
      {errorText(common, problem)}
    </p>
  ) : (
    <p role="status">{common('app.loading')}</p>
  )
}

interface FirstCodeProps {
  setup: Setup
  onCodes: (codes: string[]) => void
  onCancel?: () => void
}

function FirstCode({ setup, onCodes, onCancel }: FirstCodeProps) {
  const { t: common } = useTranslation()
  const t = useSecurityTexts()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setIsSubmitting] = useState(false)
  const field = useRef<HTMLInputElement>(null)
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
      show(reason === 'invalid_second_factor' ? t('codeWrong') : errorText(common, reason))
    })
  }
  return (
    <form className="login-form second-factor" noValidate onSubmit={(event) => void submit(event)}>
      <p>{t('scan')}</p>
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
      {onCancel && (
        <button type="button" className="button" onClick={onCancel}>
          {t('cancel')}
        </button>
      )}
    </form>
  )
}

function inFours(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ')
}
