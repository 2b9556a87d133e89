import { type FormEvent, useState } from 'react'
import { changeRules } from '../../actions/rulesAction'
import { useRulesTexts } from '../../i18n/rules/texts'
import { useScheduleTexts } from '../../i18n/schedule/texts'
import { type Id, roles, weekdays } from '../../protocol/resources'
import type { Rules } from '../../protocol/rules'
import { AdminProblem } from '../AdminProblem'

interface QuietFormProps {
  establishmentId: Id
  rules: Rules
  onSaved: (rules: Rules) => void
}

type Quiet = Pick<Rules, 'quiet' | 'quiet_from' | 'quiet_to' | 'quiet_days' | 'quiet_roles' | 'urgent_roles'>

/** The quiet hours in detail. */
export function QuietForm({ establishmentId, rules, onSaved }: QuietFormProps) {
  const t = useRulesTexts()
  const days = useScheduleTexts()
  const { quiet, quiet_from, quiet_to, quiet_days, quiet_roles, urgent_roles } = rules
  const [fields, setFields] = useState<Quiet>({ quiet, quiet_from, quiet_to, quiet_days, quiet_roles, urgent_roles })
  const [problem, setProblem] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [isSaved, setIsSaved] = useState(false)
  const alter = (change: Partial<Quiet>) => {
    setProblem('')
    setIsSaved(false)
    setFields({ ...fields, ...change })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setError(null)
    setIsSaved(false)
    if (!fields.quiet_from || !fields.quiet_to || (fields.quiet_from === fields.quiet_to && fields.quiet_days.length === 0)) setProblem(t('hours.same'))
    else {
      changeRules(establishmentId, fields).then((saved) => {
        setIsSaved(true)
        onSaved(saved)
      }, setError)
    }
  }
  const time = (name: 'quiet_from' | 'quiet_to', label: string) => (
    <label className="field">
      <span>{label}</span>
      <input type="time" required value={fields[name]} aria-invalid={problem ? true : undefined} onChange={({ target }) => { alter({ [name]: target.value }) }} />
    </label>
  )
  return (
    <form className="panel" noValidate aria-labelledby="quiet-settings" onSubmit={submit}>
      <h2 id="quiet-settings">{t('hours.settings')}</h2>
      <label className="rule-line">
        <strong>{t('hours.on')}</strong>
        <input
          type="checkbox"
          role="switch"
          className="switch-control"
          checked={fields.quiet === 'defer'}
          onChange={({ target }) => {
            alter({ quiet: target.checked ? 'defer' : 'off' })
          }}
        />
      </label>
      <div className="quiet-times">
        {time('quiet_from', t('hours.from'))}
        {time('quiet_to', t('hours.until'))}
      </div>
      <p className="field-error" role="alert">
        {problem}
      </p>
      <Choices legend={t('hours.days')} all={weekdays} chosen={fields.quiet_days} nameOf={(day) => days(`weekday.${day}`)} onChange={(quiet_days) => { alter({ quiet_days }) }} />
      <Choices legend={t('hours.who')} all={roles} chosen={fields.quiet_roles} nameOf={(role) => t(`among.${role}`)} onChange={(quiet_roles) => { alter({ quiet_roles }) }} />
      <Choices legend={t('hours.urgent')} all={roles} chosen={fields.urgent_roles} nameOf={(role) => t(`among.${role}`)} onChange={(urgent_roles) => { alter({ urgent_roles }) }} />
      {error !== null && <AdminProblem error={error} />}
      <p className="panel-status" role="status">
        {isSaved && t('saved')}
      </p>
      <div className="panel-actions">
        <button type="submit" className="button is-primary">
          {t('save')}
        </button>
      </div>
    </form>
  )
}

interface ChoicesProps<T extends string> {
  legend: string
  all: readonly T[]
  chosen: readonly T[]
  nameOf: (one: T) => string
  onChange: (chosen: T[]) => void
}

function Choices<T extends string>({ legend, all, chosen, nameOf, onChange }: ChoicesProps<T>) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {all.map((one) => (
        <label key={one} className="option">
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={({ target }) => {
              onChange(all.filter((other) => (other === one ? target.checked : chosen.includes(other))))
            }}
          />
          <span>{nameOf(one)}</span>
        </label>
      ))}
    </fieldset>
  )
}
