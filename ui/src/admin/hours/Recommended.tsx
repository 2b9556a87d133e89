import { Check } from 'lucide-react'
import { useState } from 'react'
import { changeRules } from '../../actions/rulesAction'
import { useRulesTexts } from '../../i18n/rules/texts'
import type { Id } from '../../protocol/resources'
import type { Rules, RulesChange } from '../../protocol/rules'
import { AdminProblem } from '../AdminProblem'

interface RecommendedProps {
  establishmentId: Id
  rules: Rules
  onSaved: (rules: Rules) => void
}

/** With both whole days: from Friday evening to Monday morning. */
const recommended = { quiet: 'defer', quiet_from: '20:00', quiet_to: '07:00', quiet_days: ['saturday', 'sunday'] } satisfies RulesChange

/** What French schools are asked to do, turned on with one press. */
export function Recommended({ establishmentId, rules, onSaved }: RecommendedProps) {
  const t = useRulesTexts()
  const [error, setError] = useState<unknown>(null)
  const isOn =
    rules.quiet === recommended.quiet &&
    rules.quiet_from === recommended.quiet_from &&
    rules.quiet_to === recommended.quiet_to &&
    [...rules.quiet_days].sort().join() === recommended.quiet_days.join()
  const turnOn = () => {
    setError(null)
    changeRules(establishmentId, recommended).then(onSaved, setError)
  }
  return (
    <section className="panel" aria-labelledby="recommended">
      <h2 id="recommended">{t('hours.recommended')}</h2>
      <div>
        <p>{t('hours.recommendedText')}</p>
        <ul className="recommended">
          <li>{t('hours.evening')}</li>
          <li>{t('hours.weekend')}</li>
          <li>{t('hours.holidays')}</li>
        </ul>
      </div>
      {error !== null && <AdminProblem error={error} />}
      <p className="panel-status is-good" role="status">
        {isOn && (
          <>
            <Check size={18} aria-hidden="true" /> {t('hours.isOn')}
          </>
        )}
      </p>
      {!isOn && (
        <div className="panel-actions">
          <button type="button" className="button is-primary" onClick={turnOn}>
            {t('hours.turnOn')}
          </button>
        </div>
      )}
    </section>
  )
}
