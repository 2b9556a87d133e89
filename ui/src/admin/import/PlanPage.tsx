import './import.css'
import { useRef, useState } from 'react'
import { applyRoster, type Decision, undoRoster } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { goTo } from '../../lib/route'
import type { Id } from '../../protocol/resources'
import type { RosterPlan } from '../../protocol/roster'
import { PageLink } from '../../parts/PageLink'
import { AdminProblem } from '../AdminProblem'
import { ApplyDialog, UndoDialog } from './PlanDialogs'
import { ChangeCounts } from './ChangeCounts'
import { ColumnMapping } from './ColumnMapping'
import { Decisions } from './Decisions'
import { PlanProgress } from './PlanProgress'
import { PlanSource } from './PlanSource'
import { planTexts } from './planTexts'
import { Problems } from './Problems'
import { isAtWork, usePlan } from './usePlan'
import type { Reading } from './useReading'
import { needsDecision, useRosterTexts } from './useRosterTexts'

interface PlanPageProps {
  establishmentId: Id
  planId: Id
  /** Where another plan begins. */
  startPath: string
  /** Null after a reload, because files aren't kept, and for a plan that comes from none. */
  files: File[] | null
  reading: Reading | null
  onAnother?: () => void
}

/** What an import, or the end of a school year, would change, is changing or has changed. */
export function PlanPage({ establishmentId, planId, startPath, files, reading, onAnother }: PlanPageProps) {
  const t = useAdminTexts()
  const { plan, error, isOffline, reload } = usePlan(establishmentId, planId)
  const [decisions, setDecisions] = useState<Record<string, Decision>>({})
  const [asked, setAsked] = useState<'apply' | 'undo' | null>(null)
  const [refusal, setRefusal] = useState<unknown>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  if (!plan) return error ? <AdminProblem error={error} /> : <p className="panel-text">{t('plan.loading')}</p>

  const own = planTexts(t, plan)
  const isPlanned = plan.state === 'planned'
  const order = (request: Promise<void>) => {
    setAsked(null)
    setRefusal(null)
    request.then(reload, (reason: unknown) => {
      setRefusal(reason)
      reload()
    })
    heading.current?.focus()
  }
  const startOver = () => {
    onAnother?.()
    goTo(startPath)
  }
  return (
    <>
      <header className="admin-title">
        <h1 ref={heading} tabIndex={-1}>
          {isAtWork(plan) ? own('titleApplying') : t(plan.state === 'applied' || plan.state === 'undone' ? 'plan.titleApplied' : 'plan.title')}
        </h1>
        <Outcome plan={plan} />
      </header>
      {refusal !== null && <AdminProblem error={refusal} />}
      {error !== null && <AdminProblem error={error} />}
      {reading?.state.status === 'refused' && <AdminProblem error={reading.state.error} />}
      {isAtWork(plan) && <PlanProgress plan={plan} isOffline={isOffline} />}
      <ChangeCounts establishmentId={establishmentId} plan={plan} />
      {isPlanned && <Decisions problems={plan.problems.filter(needsDecision)} decisions={decisions} onDecide={setDecisions} />}
      {isPlanned && reading && plan.columns.length > 0 && <ColumnMapping columns={plan.columns} files={files} reading={reading} />}
      <Problems plan={plan} />
      {plan.files.length > 0 && <PlanSource plan={plan} />}
      <footer className="admin-actions">
        {isPlanned ? (
          <>
            <button type="button" className="button" onClick={startOver}>
              {t('plan.abandon')}
            </button>
            {files && reading && refusal !== null && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  reading.read(files)
                }}
              >
                {t('plan.readAgain')}
              </button>
            )}
            <button
              type="button"
              className="button is-primary"
              disabled={reading?.state.status === 'reading'}
              onClick={() => {
                setAsked('apply')
              }}
            >
              {t('plan.apply')}
            </button>
          </>
        ) : (
          <>
            {plan.can_undo && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  setAsked('undo')
                }}
              >
                {own('undo')}
              </button>
            )}
            <button type="button" className="button" onClick={startOver}>
              {own('another')}
            </button>
            {plan.state === 'applied' && reading && (
              <PageLink path="/admin/letters" className="button is-primary">
                {t('plan.letters')}
              </PageLink>
            )}
          </>
        )}
      </footer>
      {asked === 'apply' && (
        <ApplyDialog
          plan={plan}
          decided={Object.keys(decisions).length}
          onConfirm={() => {
            order(applyRoster(establishmentId, planId, decisions))
          }}
          onClose={() => {
            setAsked(null)
          }}
        />
      )}
      {asked === 'undo' && (
        <UndoDialog
          plan={plan}
          onConfirm={() => {
            order(undoRoster(establishmentId, planId))
          }}
          onClose={() => {
            setAsked(null)
          }}
        />
      )}
    </>
  )
}

/** In one sentence: what would change, or what became of it. */
function Outcome({ plan }: { plan: RosterPlan }) {
  const t = useAdminTexts()
  const own = planTexts(t, plan)
  const { summary } = useRosterTexts()
  const text = summary(plan)
  return (
    <>
      <div role="status">
        {plan.state === 'applied' && <p className="alert is-good">{own('applied')}</p>}
        {plan.state === 'undone' && <p className="alert is-good">{own('undone')}</p>}
        {plan.state === 'failed' && <p className="alert">{own('failed')}</p>}
      </div>
      <p className="plan-summary">{text ? `${text}.` : own('nothing')}</p>
    </>
  )
}
