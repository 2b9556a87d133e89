import { type RefObject, useId } from 'react'
import { useScheduleTexts } from '../../i18n/schedule/texts'
import { fieldText, momentOf, wallTimeIn, wallTimeOf } from '../../lib/zonedTime'

interface TimeFieldProps {
  field?: RefObject<HTMLInputElement | null>
  /** As in the field. */
  value: string
  zone: string | undefined
  problem: string
  onChange: (value: string) => void
}

/** A date and a time by the clocks of the establishment, which are named if they aren't those of this device. */
export function TimeField({ field, value, zone, problem, onChange }: TimeFieldProps) {
  const t = useScheduleTexts()
  const id = useId()
  const isElsewhere = zone !== undefined && zone !== Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div className="field">
      <label htmlFor={id}>{t('time')}</label>
      <input
        ref={field}
        id={id}
        type="datetime-local"
        required
        min={timeText(new Date(), zone)}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
      <span id={`${id}-note`}>
        {isElsewhere && <span className="field-hint">{t('zone', { zone: zone.replace(/^.*\//, '').replaceAll('_', ' ') })} </span>}
        <span className="field-error" role="alert">
          {problem}
        </span>
      </span>
    </div>
  )
}

/** A moment as the value of such a field. */
export function timeText(moment: Date, zone: string | undefined): string {
  return fieldText(wallTimeOf(moment, zone))
}

/** The moment of a value; null while it is incomplete. */
export function timeIn(value: string, zone: string | undefined): Date | null {
  const wall = wallTimeIn(value)
  return wall && momentOf(wall, zone)
}
