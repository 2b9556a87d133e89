import { useState } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'
import type { RosterPlan, RosterProblem } from '../../protocol/roster'
import { needsDecision } from './useRosterTexts'

/** So many more each time. */
const step = 50

/** What was left out, with its place in the files. */
export function Problems({ plan }: { plan: RosterPlan }) {
  const t = useAdminTexts()
  const [shown, setShown] = useState(step)
  const asked = plan.problems.filter(needsDecision).length
  const problems = plan.problems.filter((problem) => !needsDecision(problem))
  const count = Math.max(plan.problem_count - asked, problems.length)
  if (count === 0) return null
  return (
    <section className="panel" aria-labelledby="plan-problems">
      <h2 id="plan-problems">{t('plan.problems', { count })}</h2>
      <p className="panel-text">{t('plan.problemsHint')}</p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('plan.place')}</th>
            <th scope="col">{t('plan.what')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, shown).map((problem, index) => (
            <tr key={index}>
              <td>
                <ProblemPlace problem={problem} />
              </td>
              {/* The server writes them in French. */}
              <td lang="fr" dir="ltr">
                {problem.message}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.length > shown && (
        <div className="panel-actions">
          <button
            type="button"
            className="button"
            onClick={() => {
              setShown(shown + step)
            }}
          >
            {t('plan.more')}
          </button>
        </div>
      )}
    </section>
  )
}

export function ProblemPlace({ problem: { file, line, column } }: { problem: RosterProblem }) {
  const t = useAdminTexts()
  return (
    <span className="place">
      <bdi>{file}</bdi>
      {line > 0 && <span>{t('plan.line', { line })}</span>}
      {column > 0 && <span>{t('plan.column', { column })}</span>}
    </span>
  )
}
