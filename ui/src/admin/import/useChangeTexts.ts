import { fr } from '../../i18n/admin/fr'
import { useAdminTexts } from '../../i18n/admin/texts'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import type { RosterChange, Row } from '../../protocol/roster'
import { listText } from '../numbers'

interface Detail {
  label: string
  text: string
}

/** What makes up a name, in the order in which it is said. */
const titleFields: Record<string, string[]> = {
  people: [],
  classes: [],
  enrollments: ['person', 'user', 'student', 'class'],
  guardianships: ['guardian', 'student', 'child'],
}

/** The fields of a change in words. Fields that this client has no word for aren't shown. */
export function useChangeTexts() {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n

  const textOf = (value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no')
    if (typeof value === 'string') return Object.hasOwn(fr.value, value) ? t(`value.${value as keyof typeof fr.value}`) : value
    if (typeof value === 'number') return String(value)
    if (Array.isArray(value)) return listText(language, value.map(textOf))
    return typeof value === 'object' && value !== null ? nameIn(value as Row) : ''
  }
  const nameIn = (row: Row): string => {
    const { first_name = '', last_name = '', name = '' } = row as Record<string, string>
    return name || (first_name || last_name ? fullName({ first_name, last_name, email: '' }) : '')
  }
  const titleOf = ({ kind, before, after }: RosterChange): string => {
    const row = { ...before, ...after }
    const parts = (titleFields[kind] ?? []).map((field) => textOf(row[field]))
    return [nameIn(row), ...parts].filter(Boolean).join(' – ')
  }
  const detailsOf = (change: RosterChange): Detail[] => {
    const before = change.before ?? {}
    const after = change.after ?? {}
    const isSaid = (field: string) => ['name', 'first_name', 'last_name', ...(titleFields[change.kind] ?? [])].includes(field)
    return Object.keys({ ...before, ...after }).flatMap((field) => {
      // That somebody returns says that they had left.
      if (!Object.hasOwn(fr.field, field) || typeof before[field] === 'boolean' && field === 'left') return []
      const [old, fresh] = [textOf(before[field]), textOf(after[field])]
      const isChange = change.before !== null && change.after !== null && field in before && old !== fresh
      if (isSaid(field) && !isChange) return []
      const text = isChange ? t('plan.arrow', { before: old || t('plan.none'), after: fresh || t('plan.none') }) : fresh || old
      return text ? [{ label: t(`field.${field as keyof typeof fr.field}`), text }] : []
    })
  }
  return { titleOf, detailsOf, textOf }
}
