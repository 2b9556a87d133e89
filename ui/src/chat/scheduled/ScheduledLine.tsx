import { CircleAlert, Clock } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useScheduleTexts } from '../../i18n/schedule/texts'
import { ScheduledList } from './ScheduledList'

/** In the list of conversations: how much waits, above all what was refused; opens all of it. */
export function ScheduledLine({ onOpen, ...props }: Omit<ComponentProps<typeof ScheduledList>, 'onClose'>) {
  const t = useScheduleTexts()
  const [isOpen, setIsOpen] = useState(false)
  const { scheduled } = props.state
  const refused = scheduled.filter(({ code }) => code !== '').length
  return (
    <>
      {scheduled.length > 0 && (
        <button
          type="button"
          className={refused > 0 ? 'lost-line' : 'scheduled-line'}
          aria-haspopup="dialog"
          onClick={() => {
            setIsOpen(true)
          }}
        >
          {refused > 0 ? <CircleAlert size={18} aria-hidden="true" /> : <Clock size={18} aria-hidden="true" />}
          {refused > 0 ? t('refused', { count: refused }) : t('all', { count: scheduled.length })}
        </button>
      )}
      {isOpen && (
        <ScheduledList
          {...props}
          onOpen={(id) => {
            setIsOpen(false)
            onOpen(id)
          }}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}
