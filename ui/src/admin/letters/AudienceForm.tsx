import { type FormEvent, useState } from 'react'
import type { CodeAudience } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import type { Language } from '../../i18n/i18n'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Id } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'
import { audienceOf, type Chosen } from './audience'
import { AudienceFields } from './AudienceFields'
import { LetterLanguage } from './LetterLanguage'

interface AudienceFormProps {
  establishmentId: Id
  chosen: Chosen
  onChoose: (chosen: Chosen) => void
  language: Language
  onLanguage: (language: Language) => void
  isPreparing: boolean
  refusal: unknown
  onSubmit: (audience: CodeAudience) => void
}

/** Whom printed letters are for. */
export function AudienceForm({ establishmentId, chosen, onChoose, language, onLanguage, isPreparing, refusal, onSubmit }: AudienceFormProps) {
  const t = useAdminTexts()
  const [isMissing, setIsMissing] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const audience = audienceOf(chosen)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (audience) setIsAsking(true)
    else setIsMissing(true)
  }
  return (
    <form className="panel" noValidate onSubmit={submit}>
      <AudienceFields
        establishmentId={establishmentId}
        value={chosen}
        onChange={(next) => {
          onChoose(next)
          setIsMissing(false)
        }}
      >
        <LetterLanguage value={language} onChange={onLanguage} />
      </AudienceFields>
      <p className="field-error" role="alert">
        {isMissing && t(chosen.way === 'byClass' ? 'letters.missingClass' : 'letters.missingPeople')}
      </p>
      {refusal !== null && <AdminProblem error={refusal} />}
      <div className="panel-actions">
        <button type="submit" className="button is-primary" disabled={isPreparing}>
          {t(isPreparing ? 'letters.preparing' : 'letters.prepare')}
        </button>
      </div>
      {isAsking && audience && (
        <ConfirmDialog
          title={t('letters.confirmTitle')}
          text={t('letters.confirmText')}
          action={t('letters.confirm')}
          onConfirm={() => {
            setIsAsking(false)
            onSubmit(audience)
          }}
          onClose={() => {
            setIsAsking(false)
          }}
        />
      )}
    </form>
  )
}
