import type { Decision } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { personDescription } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import type { Candidate, RosterProblem } from '../../protocol/roster'
import { ProblemPlace } from './Problems'

interface DecisionsProps {
  problems: RosterProblem[]
  decisions: Record<string, Decision>
  onDecide: (decisions: Record<string, Decision>) => void
}

/** The questions that the files leave open: who is meant. Nobody is guessed. */
export function Decisions({ problems, decisions, onDecide }: DecisionsProps) {
  const t = useAdminTexts()
  if (problems.length === 0) return null
  const decide = (key: string, decision: Decision | null) => {
    const others = Object.fromEntries(Object.entries(decisions).filter(([other]) => other !== key))
    onDecide(decision === null ? others : { ...others, [key]: decision })
  }
  return (
    <section className="panel is-asking" aria-labelledby="plan-decisions">
      <h2 id="plan-decisions">{t('plan.decisions', { count: problems.length })}</h2>
      <p className="panel-text">{t('plan.decisionsHint')}</p>
      {problems.map((problem) => (
        <Question key={problem.key} problem={problem} decision={decisions[problem.key ?? ''] ?? null} onDecide={decide} />
      ))}
    </section>
  )
}

interface QuestionProps {
  problem: RosterProblem
  decision: Decision | null
  onDecide: (key: string, decision: Decision | null) => void
}

function Question({ problem, decision, onDecide }: QuestionProps) {
  const t = useAdminTexts()
  const { key = '', message, candidates = [] } = problem
  const choices: { value: Decision | null; label: string; candidate?: Candidate }[] = [
    ...candidates.map((candidate) => ({ value: candidate.id, label: t('plan.decisionIs', { name: fullName(candidate) }), candidate })),
    { value: 'new', label: t('plan.decisionNew') },
    { value: null, label: t('plan.decisionNone') },
  ]
  return (
    <fieldset className="question">
      <legend>
        {/* The server writes it in French. */}
        <span lang="fr" dir="ltr">
          {message}
        </span>
        <ProblemPlace problem={problem} />
      </legend>
      {choices.map(({ value, label, candidate }) => (
        <label key={String(value)} className="option">
          <input
            type="radio"
            name={`decision ${key}`}
            checked={decision === value}
            onChange={() => {
              onDecide(key, value)
            }}
          />
          <span>
            {label}
            {candidate && <CandidateHint candidate={candidate} />}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** What tells people of one name apart. */
function CandidateHint({ candidate }: { candidate: Candidate }) {
  const t = useAdminTexts()
  const { birth_date, email, left } = candidate
  const parts = [
    personDescription(candidate, true),
    birth_date && `${t('field.birth_date')} : ${birth_date}`,
    email,
    left && t('value.left'),
  ]
  return (
    <span className="field-hint" dir="auto">
      {parts.filter(Boolean).join(' · ')}
    </span>
  )
}
