import './audience.css'
import type { ReactNode } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'
import type { Id } from '../../protocol/resources'
import { type Chosen, ways } from './audience'
import { ClassSelect } from './ClassSelect'
import { PeoplePicker } from './PeoplePicker'
import { RoleSelect } from './RoleSelect'

interface AudienceFieldsProps {
  establishmentId: Id
  value: Chosen
  onChange: (value: Chosen) => void
  /** More fields. */
  children?: ReactNode
}

/** Whom letters or invitations are for: a class, a role or chosen people. */
export function AudienceFields({ establishmentId, value, onChange, children }: AudienceFieldsProps) {
  const t = useAdminTexts()
  return (
    <>
      <fieldset className="ways">
        <legend>{t('letters.who')}</legend>
        {ways.map((one) => (
          <label key={one} className="option">
            <input
              type="radio"
              name="way"
              checked={value.way === one}
              onChange={() => {
                onChange({ ...value, way: one })
              }}
            />
            <span>{t(`letters.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <div className="audience">
        {value.way === 'byClass' && (
          <ClassSelect
            establishmentId={establishmentId}
            value={value.classId}
            onChange={(classId) => {
              onChange({ ...value, classId })
            }}
          />
        )}
        {value.way === 'bySelection' ? (
          <PeoplePicker
            establishmentId={establishmentId}
            people={value.people}
            onChange={(people) => {
              onChange({ ...value, people })
            }}
          />
        ) : (
          <RoleSelect
            value={value.role}
            isOfClass={value.way === 'byClass'}
            onChange={(role) => {
              onChange({ ...value, role })
            }}
          />
        )}
        {children}
      </div>
    </>
  )
}
