import { type ComponentProps, use } from 'react'
import { RowTabIndex } from '../messages/useRowFocus'
import { ScheduledCard } from './ScheduledCard'

/** At the end of its conversation, as a bubble that isn't there for the others yet. */
export function ScheduledRow(props: Omit<ComponentProps<typeof ScheduledCard>, 'tabIndex'>) {
  return (
    <div className="scheduled">
      <ScheduledCard {...props} tabIndex={use(RowTabIndex)} />
    </div>
  )
}
