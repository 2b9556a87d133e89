import './audience.css'
import { type FormEvent, useState } from 'react'
import type { CodeAudience } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import type { Language } from '../../i18n/i18n'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Id, User } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'
import { ClassSelect } from './ClassSelect'
import { LetterLanguage } from './LetterLanguage'
import { PeoplePicker } from './PeoplePicker'
import { RoleSelect } from './RoleSelect'

const ways = ['byClass', 'byRole', 'bySelection'] as const
type Way = (typeof ways)[number]

interface AudienceFormProps {
  establishmentId: Id
  language: Language
  onLanguage: (language: Language) => void
  isPreparing: boolean
  refusal: unknown
  onSubmit: (audience: CodeAudience) => void
}

/** Whom letters are for. */
export function AudienceForm({ establishmentId, language, onLanguage, isPreparing, refusal, onSubmit }: AudienceFormProps) {
  const t = useAdminTexts()
  const [way, setWay] = useState<Way>('byClass')
  const [classId, setClassId] = useState<Id | null>(null)
  const [role, setRole] = useState('')
  const [people, setPeople] = useState<User[]>([])
  const [missing, setMissing] = useState('')
  const [isAsking, setIsAsking] = useState(false)
  const audience = audienceOf(way, { classId, role, people })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (audience) setIsAsking(true)
    else setMissing(t(way === 'byClass' ? 'letters.missingClass' : 'letters.missingPeople'))
  }
  return (
    <form className="panel" noValidate onSubmit={submit}>
      <fieldset className="ways">
        <legend>{t('letters.who')}</legend>
        {ways.map((one) => (
          <label key={one} className="option">
            <input
              type="radio"
              name="way"
              checked={way === one}
              onChange={() => {
                setWay(one)
                setMissing('')
              }}
            />
            <span>{t(`letters.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <div className="audience">
        {way === 'byClass' && (
          <ClassSelect
            establishmentId={establishmentId}
            value={classId}
            onChange={(id) => {
              setClassId(id)
              setMissing('')
            }}
          />
        )}
        {way === 'bySelection' ? (
          <PeoplePicker
            establishmentId={establishmentId}
            people={people}
            onChange={(chosen) => {
              setPeople(chosen)
              setMissing('')
            }}
          />
        ) : (
          <RoleSelect value={role} isOfClass={way === 'byClass'} onChange={setRole} />
        )}
        <LetterLanguage value={language} onChange={onLanguage} />
      </div>
      <p className="field-error" role="alert">
        {missing}
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

interface Chosen {
  classId: Id | null
  role: string
  people: User[]
}

/** Null as long as something is missing. */
function audienceOf(way: Way, { classId, role, people }: Chosen): CodeAudience | null {
  switch (way) {
    case 'byClass':
      return classId === null ? null : { class_id: classId, ...(role ? { role } : {}) }
    case 'byRole':
      return { role: role || 'student' }
    case 'bySelection':
      return people.length === 0 ? null : { users: people.map(({ id }) => id) }
  }
}
