import './session.css'
import './second-factor.css'
import { type FormEvent, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { logInWithCode } from '../actions/secondFactorAction'
import { useSecurityTexts } from '../i18n/security/texts'
import { Modal } from '../parts/Modal'
import { CodeField } from './CodeField'
import { FormProblem } from './FormProblem'
import { type LoginProblem, requestProblem } from './loginError'

interface SecondFactorDialogProps {
  challenge: string
  /** With the token, or null if the person gives up. */
  onDone: (token: string | null) => void
}

/** Asks for a code after the password. */
export function SecondFactorDialog({ challenge, onDone }: SecondFactorDialogProps) {
  const t = useSecurityTexts()
  const field = useRef<HTMLInputElement>(null)
  const [isRecovery, setIsRecovery] = useState(false)
  const [code, setCode] = useState('')
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [problem, setProblem] = useState<{ text: string } | { reason: LoginProblem } | null>(null)

  const show = (next: typeof problem) => {
    setProblem(next)
    field.current?.focus()
    field.current?.select()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSubmitting) return
    if (!code.trim()) return show({ text: t('codeMissing') })
    setProblem(null)
    setIsSubmitting(true)
    return logInWithCode(challenge, code.trim()).then(onDone, (error: unknown) => {
      setIsSubmitting(false)
      if (errorCode(error) === 'invalid_second_factor') show({ text: t('codeWrong') })
      else if (errorCode(error) === 'invalid_request') show({ text: t('tooLate') })
      else show({ reason: requestProblem(error) })
    })
  }
  return (
    <Modal
      title={t('askTitle')}
      firstFocus={field}
      onClose={() => {
        onDone(null)
      }}
    >
      <form className="login-form second-factor" noValidate onSubmit={(event) => void submit(event)}>
        <p>{t(isRecovery ? 'askRecovery' : 'askText')}</p>
        <CodeField
          key={String(isRecovery)}
          ref={field}
          label={t(isRecovery ? 'recoveryCode' : 'code')}
          isRecovery={isRecovery}
          value={code}
          problem={problem && 'text' in problem ? problem.text : null}
          onChange={setCode}
        />
        {problem && 'reason' in problem && (
          <FormProblem
            problem={problem.reason}
            onOver={() => {
              setProblem(null)
            }}
          />
        )}
        <button type="submit" className="button is-primary is-large" disabled={isSubmitting}>
          {t('submit')}
        </button>
        {isRecovery && <p className="field-hint">{t('help')}</p>}
        <button
          type="button"
          className="page-link"
          onClick={() => {
            setIsRecovery(!isRecovery)
            setCode('')
            setProblem(null)
          }}
        >
          {t(isRecovery ? 'useApp' : 'useRecovery')}
        </button>
      </form>
    </Modal>
  )
}
