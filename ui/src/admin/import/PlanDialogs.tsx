import { useRef } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Modal } from '../../parts/Modal'
import type { RosterPlan } from '../../protocol/roster'
import { isYearEnd, planTexts } from './planTexts'
import { needsDecision, useRosterTexts } from './useRosterTexts'

interface ApplyDialogProps {
  plan: RosterPlan
  /** How many questions have an answer. */
  decided: number
  onConfirm: () => void
  onClose: () => void
}

/** Says what would happen, above all to those who leave, before it does. */
export function ApplyDialog({ plan, decided, onConfirm, onClose }: ApplyDialogProps) {
  const t = useAdminTexts()
  const { summary } = useRosterTexts()
  const cancel = useRef<HTMLButtonElement>(null)
  const { leaving = 0, created = 0, updated = 0, unchanged = 0, returning = 0 } = plan.counts.people ?? {}
  const asked = plan.problems.filter(needsDecision).length
  const undecided = asked - decided
  const problems = plan.problem_count - asked
  const isLargePart = leaving > 20 && leaving > (created + updated + unchanged + returning + leaving) / 4
  return (
    <Modal title={planTexts(t, plan)('confirmTitle')} firstFocus={cancel} onClose={onClose}>
      <div className="confirm">
        <p>{summary(plan)}.</p>
        {leaving > 0 && <p className="alert is-info">{t(isYearEnd(plan) ? 'yearPlan.confirmLeaving' : 'plan.confirmLeaving', { count: leaving })}</p>}
        {isLargePart && !isYearEnd(plan) && <p className="alert">{t('plan.confirmManyLeaving')}</p>}
        {undecided > 0 && <p>{t('plan.confirmUndecided', { count: undecided })}</p>}
        {problems > 0 && <p>{t('plan.confirmProblems', { count: problems })}</p>}
        <p>{planTexts(t, plan)('confirmUndo')}</p>
      </div>
      <footer className="modal-footer">
        <button ref={cancel} type="button" className="button" onClick={onClose}>
          {t('import.cancel')}
        </button>
        <button type="button" className="button is-primary" onClick={onConfirm}>
          {t('plan.confirm')}
        </button>
      </footer>
    </Modal>
  )
}

export function UndoDialog({ plan, onConfirm, onClose }: { plan: RosterPlan; onConfirm: () => void; onClose: () => void }) {
  const own = planTexts(useAdminTexts(), plan)
  return <ConfirmDialog title={own('undoTitle')} text={own('undoText')} action={own('undoConfirm')} onConfirm={onConfirm} onClose={onClose} />
}
