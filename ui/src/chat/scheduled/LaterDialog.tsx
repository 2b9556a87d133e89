import { type FormEvent, useRef, useState } from 'react'
import { useScheduleTexts } from '../../i18n/schedule/texts'
import { Modal } from '../../parts/Modal'
import { isToCome } from './proposals'
import { timeIn, timeText, TimeField } from './TimeField'

interface LaterDialogProps {
  zone: string | undefined
  /** What the field shows at first. */
  at: Date
  onSend: (at: Date) => void
  onClose: () => void
}

/** A time of one's own to send a message at. */
export function LaterDialog({ zone, at, onSend, onClose }: LaterDialogProps) {
  const t = useScheduleTexts()
  const field = useRef<HTMLInputElement>(null)
  const [value, setValue] = useState(() => timeText(at, zone))
  const [problem, setProblem] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const chosen = timeIn(value, zone)
    if (chosen && isToCome(chosen)) onSend(chosen)
    else setProblem(t('past'))
  }
  return (
    <Modal title={t('laterTitle')} firstFocus={field} onClose={onClose}>
      <form className="later" noValidate onSubmit={submit}>
        <TimeField
          field={field}
          value={value}
          zone={zone}
          problem={problem}
          onChange={(next) => {
            setProblem('')
            setValue(next)
          }}
        />
        <footer className="modal-footer">
          <button type="button" className="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="button is-primary">
            {t('schedule')}
          </button>
        </footer>
      </form>
    </Modal>
  )
}
