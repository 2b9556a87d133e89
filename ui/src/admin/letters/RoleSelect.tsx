import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { Select } from '../../parts/Select'

const ofClass = ['student', 'parent', 'teacher'] as const
const ofSchool = ['student', 'parent', 'teacher', 'staff', 'admin'] as const

interface RoleSelectProps {
  value: string
  /** Then everybody of the class is a choice as well. */
  isOfClass: boolean
  onChange: (role: string) => void
}

export function RoleSelect({ value, isOfClass, onChange }: RoleSelectProps) {
  const { t: common } = useTranslation()
  const t = useAdminTexts()
  return (
    <label className="select">
      <span>{t('letters.role')}</span>
      <Select
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      >
        {isOfClass && <option value="">{t('letters.everyone')}</option>}
        {(isOfClass ? ofClass : ofSchool).map((role) => (
          <option key={role} value={role}>
            {common(`role.${role}`)}
          </option>
        ))}
      </Select>
    </label>
  )
}
