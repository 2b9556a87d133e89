import type { useAdminTexts } from '../../i18n/admin/texts'
import type { RosterPlan } from '../../protocol/roster'

/** What is said differently of an import and of the end of a school year. */
type Key =
  | 'titleApplying' | 'nothing' | 'applied' | 'undone' | 'failed' | 'applying' | 'undoing' | 'offline' | 'another'
  | 'confirmTitle' | 'confirmUndo' | 'undo' | 'undoTitle' | 'undoText' | 'undoConfirm'

/** The texts of a plan, by what it is of. */
export function planTexts(t: ReturnType<typeof useAdminTexts>, plan: RosterPlan): (key: Key) => string {
  return (key) => (isYearEnd(plan) ? t(`yearPlan.${key}`) : t(`plan.${key}`))
}

/** Whether a plan is of the end of a school year rather than of an import. */
export function isYearEnd({ format }: RosterPlan): boolean {
  return format === 'year_end'
}
