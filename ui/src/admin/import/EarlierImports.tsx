import './import.css'
import { useEffect, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { fetchRosters } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { fullText } from '../../i18n/time'
import { useTranslation } from '../../i18n/useTranslation'
import { PageLink } from '../../parts/PageLink'
import type { Id } from '../../protocol/resources'
import type { RosterPlan } from '../../protocol/roster'
import { isYearEnd, planTexts } from './planTexts'
import { useRosterTexts } from './useRosterTexts'

type Loaded = { status: 'loading' } | { status: 'failed' } | { status: 'loaded'; plans: RosterPlan[] }

interface EarlierImportsProps {
  establishmentId: Id
  /** The ends of school years instead. */
  areYears?: boolean
}

/** The imports before, each with a link to what it changed; the last one can be undone there. */
export function EarlierImports({ establishmentId, areYears = false }: EarlierImportsProps) {
  const t = useAdminTexts()
  const [loaded, setLoaded] = useState<Loaded>({ status: 'loading' })
  useEffect(() => {
    const abort = new AbortController()
    fetchRosters(establishmentId, { signal: abort.signal }).then(
      (plans) => {
        setLoaded({ status: 'loaded', plans: plans.filter((plan) => isYearEnd(plan) === areYears) })
      },
      (error: unknown) => {
        if (!isAbort(error)) setLoaded({ status: 'failed' })
      },
    )
    return () => {
      abort.abort()
    }
  }, [establishmentId, areYears])
  return (
    <section className="panel" aria-labelledby="earlier-imports">
      <h2 id="earlier-imports">{t(areYears ? 'year.earlier' : 'import.earlier')}</h2>
      {loaded.status === 'loading' && <p className="panel-text">{t('plan.loading')}</p>}
      {loaded.status === 'failed' && <p className="alert">{t('import.earlierFailed')}</p>}
      {loaded.status === 'loaded' && loaded.plans.length === 0 && <p className="panel-text">{t(areYears ? 'year.earlierNone' : 'import.earlierNone')}</p>}
      {loaded.status === 'loaded' && loaded.plans.length > 0 && (
        <ul className="earlier">
          {loaded.plans.map((plan) => (
            <EarlierImport key={plan.id} plan={plan} />
          ))}
        </ul>
      )}
    </section>
  )
}

function EarlierImport({ plan }: { plan: RosterPlan }) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const { stateText, formatText, summary } = useRosterTexts()
  return (
    <li>
      <PageLink path={`/admin/${isYearEnd(plan) ? 'year' : 'import'}/${plan.id}`} className="earlier-link">
        {t(isYearEnd(plan) ? 'year.open' : 'import.open', { date: fullText(language, new Date(plan.applied_at ?? plan.created_at)) })}
      </PageLink>
      <span className={`badge is-${plan.state}`}>{stateText(plan.state)}</span>
      <p className="panel-text">
        {isYearEnd(plan) ? plan.year : formatText(plan.format)} – {summary(plan) || planTexts(t, plan)('nothing')}
      </p>
    </li>
  )
}
