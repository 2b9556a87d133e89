import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import type { Id } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'
import { PeoplePicker } from '../letters/PeoplePicker'
import { numberText } from '../numbers'
import { ClassDecision } from './ClassDecision'
import type { Event, State } from './useYearEnd'

interface YearFormProps {
  establishmentId: Id
  state: Extract<State, { status: 'deciding' }>
  dispatch: (event: Event) => void
  isPlanning: boolean
  refusal: unknown
  onSubmit: () => void
}

/** What becomes of the students of each class, of the teachers, and who is an exception. */
export function YearForm({ establishmentId, state, dispatch, isPlanning, refusal, onSubmit }: YearFormProps) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const { proposal, classes, keepsTeachers, staying } = state
  const leaving = classes.reduce((sum, { action, students }) => (action === 'leaving' ? sum + students : sum), 0)
  const isNameless = classes.some(({ action, becomes }) => action === 'promoted' && becomes.trim() === '')
  return (
    <form
      className="year-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <section className="panel" aria-labelledby="year-classes">
        <h2 id="year-classes">{t('year.classes', { year: proposal.year })}</h2>
        <p className="panel-text">{t(proposal.has_imports ? 'year.hintImports' : 'year.hintNoImports')}</p>
        <div className="year-all">
          {(['promoted', 'waiting'] as const).map((action) => (
            <button
              key={action}
              type="button"
              className="button"
              onClick={() => {
                dispatch({ type: 'decidedAll', action })
              }}
            >
              {t(action === 'promoted' ? 'year.promoteAll' : 'year.waitAll')}
            </button>
          ))}
        </div>
        <ul className="year-classes" aria-labelledby="year-classes">
          {classes.map((one) => (
            <ClassDecision
              key={one.id}
              decided={one}
              onDecide={(change) => {
                dispatch({ type: 'decided', id: one.id, change })
              }}
            />
          ))}
        </ul>
        <p role="status" className="panel-status">
          {leaving > 0 && t('year.leaving', { count: leaving, number: numberText(language, leaving) })}
        </p>
      </section>
      <section className="panel" aria-labelledby="year-staying">
        <h2 id="year-staying">{t('year.staying')}</h2>
        <p className="panel-text">{t('year.stayingHint')}</p>
        <PeoplePicker
          establishmentId={establishmentId}
          among="student"
          people={staying}
          onChange={(people) => {
            dispatch({ type: 'staying', staying: people })
          }}
        />
        <label className="option">
          <input
            type="checkbox"
            checked={keepsTeachers}
            onChange={(event) => {
              dispatch({ type: 'teachers', keepsTeachers: event.target.checked })
            }}
          />
          <span>{t('year.keepTeachers')}</span>
        </label>
      </section>
      {refusal !== null && <AdminProblem error={refusal} />}
      <footer className="admin-actions">
        <button type="submit" className="button is-primary" disabled={isPlanning || isNameless}>
          {t(isPlanning ? 'year.planning' : 'year.plan')}
        </button>
      </footer>
    </form>
  )
}
