import { useAdminTexts } from '../../i18n/admin/texts'
import type { RosterPlan } from '../../protocol/roster'
import { planTexts } from './planTexts'

export function PlanProgress({ plan, isOffline }: { plan: RosterPlan; isOffline: boolean }) {
  const t = useAdminTexts()
  const own = planTexts(t, plan)
  return (
    <section className="panel" aria-label={t('plan.progress')}>
      <progress className="plan-progress" aria-label={t('plan.progress')} max={1} value={plan.progress} />
      <p className="panel-text">{own(plan.state === 'undoing' ? 'undoing' : 'applying')}</p>
      <p role="status" className={isOffline ? 'alert is-info' : undefined}>
        {isOffline && own('offline')}
      </p>
    </section>
  )
}
