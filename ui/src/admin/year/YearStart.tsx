import './year.css'
import { useState } from 'react'
import { planYearEnd } from '../../actions/yearEndAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { goTo } from '../../lib/route'
import type { Id } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'
import { EarlierImports } from '../import/EarlierImports'
import { YearForm } from './YearForm'
import { type State, useYearEnd } from './useYearEnd'

/** What becomes of each class, to be decided, and the years that ended before. */
export function YearStart({ establishmentId }: { establishmentId: Id }) {
  const t = useAdminTexts()
  const [state, dispatch] = useYearEnd(establishmentId)
  const [isPlanning, setIsPlanning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const plan = ({ proposal, classes, keepsTeachers, staying }: Extract<State, { status: 'deciding' }>) => {
    setIsPlanning(true)
    setRefusal(null)
    planYearEnd(establishmentId, {
      year: proposal.year,
      keep_teachers: keepsTeachers,
      staying: staying.map(({ id }) => id),
      classes: classes.map(({ id, action, becomes, becomes_level }) => ({ id, action, becomes: becomes.trim(), becomes_level })),
    }).then(
      ({ id }) => {
        goTo(`/admin/year/${id}`)
      },
      (reason: unknown) => {
        setIsPlanning(false)
        setRefusal(reason)
      },
    )
  }
  return (
    <>
      <header className="admin-title">
        <h1>{t('year.title')}</h1>
        <p>{t('year.intro')}</p>
      </header>
      {state.status === 'loading' && <p className="panel-text">{t('plan.loading')}</p>}
      {state.status === 'failed' && <AdminProblem error={state.error} />}
      {state.status === 'deciding' && state.classes.length === 0 && (
        <section className="panel">
          <p>{t('year.nothing', { year: state.proposal.year })}</p>
        </section>
      )}
      {state.status === 'deciding' && state.classes.length > 0 && (
        <YearForm
          establishmentId={establishmentId}
          state={state}
          dispatch={dispatch}
          isPlanning={isPlanning}
          refusal={refusal}
          onSubmit={() => {
            plan(state)
          }}
        />
      )}
      <EarlierImports establishmentId={establishmentId} areYears />
    </>
  )
}
