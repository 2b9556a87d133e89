import { fr } from '../../i18n/admin/fr'
import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import type { RosterPlan } from '../../protocol/roster'
import { isYearEnd } from './planTexts'
import { listText, numberText } from '../numbers'

/** One number of a plan, and what it counts. */
export interface Count {
  kind: string
  action: string
  value: number
  /** Without the number: "new people". */
  label: string
}

const kinds = ['people', 'classes', 'enrollments', 'guardianships'] as const

/** Counted among others already, without changes of its own to list. */
export const countedOnly = new Set(['unchanged', 'changing_class', 'without_class'])

/** A server may have states, formats and actions that this client doesn't know. */
export function useRosterTexts() {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const counts = (plan: RosterPlan): Count[] =>
    kinds.flatMap((kind) =>
      Object.keys(plan.counts[kind] ?? {}).flatMap((action) => {
        const value = plan.counts[kind]?.[action] ?? 0
        if (value === 0 || !Object.hasOwn(fr.count[kind], `${action}_other`)) return []
        // The keys of a kind are only known to be those of some kind.
        const key = `count.${kind}.${action}` as 'count.people.created'
        return { kind, action, value, label: t(key, { count: value }) }
      }),
    )
  const questions = ({ problems }: RosterPlan) => problems.filter(needsDecision).length
  return {
    counts,
    stateText: (state: string) => (Object.hasOwn(fr.state, state) ? t(`state.${state as keyof typeof fr.state}`) : state),
    formatText: (format: string) => (Object.hasOwn(fr.format, format) ? t(`format.${format as keyof typeof fr.format}`) : format),
    /** "312 new people, 41 changes of class, 57 leaving and 3 problems"; empty if nothing changes. */
    summary: (plan: RosterPlan): string => {
      const people = counts(plan).filter(({ kind, action }) => kind === 'people' && action !== 'unchanged')
      const others = counts(plan).filter(({ kind, action }) => kind !== 'people' && action !== 'unchanged')
      const asked = questions(plan)
      const parts = [
        ...(people.length === 0 ? others : isYearEnd(plan) ? [...people, ...others.filter(({ kind }) => kind === 'classes')] : people),
        { value: plan.problem_count - asked, label: t('count.problems', { count: plan.problem_count - asked }) },
        { value: asked, label: t('count.questions', { count: asked }) },
      ]
      return listText(
        language,
        parts.filter(({ value }) => value > 0).map(({ value, label }) => t('count.item', { number: numberText(language, value), label })),
      )
    },
  }
}

/** Whether the person who imports says who is meant. */
export function needsDecision({ code, key }: { code: string; key?: string | undefined }): boolean {
  return code === 'needs_decision' && key !== undefined
}
