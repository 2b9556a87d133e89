import { useState } from 'react'
import { fr } from '../../i18n/admin/fr'
import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { Select } from '../../parts/Select'
import { type Role, roles } from '../../protocol/resources'
import type { RosterColumn } from '../../protocol/roster'
import type { Reading } from './useReading'

/** What a column of a table can be (hooks/roster, ColumnFields). */
const columnFields = [
  'last_name', 'usual_name', 'first_name', 'full_name', 'role', 'class', 'head_class', 'group', 'level', 'email', 'username',
  'birth_date', 'ine', 'external_id', 'left', 'relation', 'child_last_name', 'child_usual_name', 'child_first_name',
  'child_full_name', 'child_class', 'child_external_id',
] as const satisfies (keyof typeof fr.field)[]

interface ColumnMappingProps {
  columns: RosterColumn[]
  /** Needed to read them again; null after a reload. */
  files: File[] | null
  reading: Reading
}

/** What the columns of a table were taken for, to be corrected. */
export function ColumnMapping({ columns, files, reading }: ColumnMappingProps) {
  const { t: common } = useTranslation()
  const t = useAdminTexts()
  const [role, setRole] = useState<Role>('student')
  const [isComplete, setIsComplete] = useState(false)
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const isReading = reading.state.status === 'reading'
  const fieldOf = ({ header, field }: RosterColumn) => chosen[header] ?? field
  return (
    <section className="panel" aria-labelledby="plan-columns">
      <h2 id="plan-columns">{t('plan.columns')}</h2>
      <p className="panel-text">{t(files ? 'plan.columnsHint' : 'plan.columnsLost')}</p>
      <table className="table is-mapping">
        <thead>
          <tr>
            <th scope="col">{t('plan.columnHeader')}</th>
            <th scope="col">{t('plan.columnField')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, index) => (
            <tr key={index}>
              <th scope="row">
                <bdi>{column.header}</bdi>
              </th>
              <td>
                <Select
                  aria-label={column.header}
                  value={fieldOf(column)}
                  disabled={!files || isReading}
                  onChange={(event) => {
                    setChosen({ ...chosen, [column.header]: event.target.value })
                  }}
                >
                  <option value="">{t('plan.columnUnused')}</option>
                  {optionsFor(column.field).map((field) => (
                    <option key={field} value={field}>
                      {Object.hasOwn(fr.field, field) ? t(`field.${field as keyof typeof fr.field}`) : field}
                    </option>
                  ))}
                </Select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {files && (
        <>
          <label className="select">
            <span>{t('plan.tableRole')}</span>
            <Select
              value={role}
              disabled={isReading}
              onChange={(event) => {
                const chosenRole = roles.find((one) => one === event.target.value)
                if (chosenRole) setRole(chosenRole)
              }}
            >
              {roles.map((one) => (
                <option key={one} value={one}>
                  {common(`role.${one}`)}
                </option>
              ))}
            </Select>
          </label>
          <label className="option">
            <input
              type="checkbox"
              checked={isComplete}
              disabled={isReading}
              onChange={(event) => {
                setIsComplete(event.target.checked)
              }}
            />
            <span>{t('plan.tableComplete')}</span>
          </label>
          <div className="panel-actions">
            <button
              type="button"
              className="button"
              disabled={isReading || (columns.every((column) => fieldOf(column) === column.field) && role === 'student' && !isComplete)}
              onClick={() => {
                reading.read(files, { columns: Object.fromEntries(columns.map((column) => [column.header, fieldOf(column)])), role, isComplete })
              }}
            >
              {t('plan.columnsApply')}
            </button>
          </div>
        </>
      )}
      <p role="status" className="panel-status">
        {isReading && t('import.reading')}
      </p>
    </section>
  )
}

/** With the field of a newer server. */
function optionsFor(field: string): string[] {
  return field === '' || columnFields.some((one) => one === field) ? [...columnFields] : [...columnFields, field]
}
