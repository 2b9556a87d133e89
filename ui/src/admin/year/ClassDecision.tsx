import { useAdminTexts } from '../../i18n/admin/texts'
import { Select } from '../../parts/Select'
import { yearEndActions } from '../../protocol/yearEnd'
import type { Decided } from './useYearEnd'

interface ClassDecisionProps {
  decided: Decided
  onDecide: (change: Partial<Pick<Decided, 'action' | 'becomes'>>) => void
}

/** A class, and what becomes of its students. */
export function ClassDecision({ decided, onDecide }: ClassDecisionProps) {
  const t = useAdminTexts()
  const { name, year, students, action, becomes } = decided
  return (
    <li className={`year-class is-${action}`}>
      <p className="year-class-name">
        <strong dir="auto">{name}</strong>
        <span className="field-hint">{t('year.classHint', { count: students, year })}</span>
      </p>
      <Select
        aria-label={t('year.decide', { name })}
        value={action}
        onChange={(event) => {
          const chosen = yearEndActions.find((one) => one === event.target.value)
          if (chosen) onDecide({ action: chosen })
        }}
      >
        {yearEndActions.map((one) => (
          <option key={one} value={one}>
            {t(`year.action.${one}`)}
          </option>
        ))}
      </Select>
      {action === 'promoted' && (
        <input
          type="text"
          aria-label={t('year.becomes', { name })}
          maxLength={100}
          required
          value={becomes}
          onChange={(event) => {
            onDecide({ becomes: event.target.value })
          }}
        />
      )}
    </li>
  )
}
