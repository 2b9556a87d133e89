import { type FormEvent, useRef, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import type { Language } from '../../i18n/i18n'
import { scheduleTextsIn } from '../../i18n/schedule/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { isBlank } from '../../lib/text'
import { Modal } from '../../parts/Modal'
import { maxContentLength } from '../../protocol/limits'
import type { Scheduled } from '../../protocol/resources'
import { isToCome } from './proposals'
import { timeIn, timeText, TimeField } from './TimeField'
import type { ScheduledChange } from './useScheduledCommands'

addLaterTexts()

interface EditDialogProps {
  scheduled: Scheduled
  zone: string | undefined
  /** Rejects with an ApiError if it is refused: the text stays then. */
  onSave: (change: ScheduledChange) => Promise<void>
  onClose: () => void
}

/** The text and the time of a message that isn't delivered yet. A message that was refused waits again. */
export function EditDialog({ scheduled, zone, onSave, onClose }: EditDialogProps) {
  const { t: common, i18n } = useTranslation()
  const t = scheduleTextsIn(i18n.language as Language)
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(scheduled.content)
  const [before] = useState(() => timeText(new Date(scheduled.deliver_at), zone))
  const [value, setValue] = useState(before)
  const [problem, setProblem] = useState('')
  const [refusal, setRefusal] = useState('')
  const content = text.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isBlank(content) || content.length > maxContentLength) {
      setRefusal(isBlank(content) ? 'content_empty' : 'content_too_long')
      return
    }
    const chosen = timeIn(value, zone)
    // A message that only waits for the end of quiet hours keeps doing so.
    const isMoved = value !== before || scheduled.code !== ''
    if (isMoved && !(chosen && isToCome(chosen))) {
      setProblem(t('past'))
      return
    }
    onSave({ ...(content === scheduled.content ? {} : { content }), ...(isMoved && chosen ? { deliver_at: chosen.toISOString() } : {}) }).then(onClose, (error: unknown) => {
      setRefusal(errorCode(error))
    })
  }
  return (
    <Modal title={t('editTitle')} firstFocus={field} onClose={onClose}>
      <form className="later" noValidate onSubmit={submit}>
        <label className="field">
          <span>{t('text')}</span>
          <textarea
            ref={field}
            rows={4}
            dir="auto"
            value={text}
            onChange={(event) => {
              setRefusal('')
              setText(event.target.value)
            }}
          />
        </label>
        <TimeField
          value={value}
          zone={zone}
          problem={problem}
          onChange={(next) => {
            setProblem('')
            setValue(next)
          }}
        />
        {refusal && (
          <p className="alert" role="alert">
            {errorText(common, refusal)}
          </p>
        )}
        <footer className="modal-footer">
          <button type="button" className="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="button is-primary">
            {t('save')}
          </button>
        </footer>
      </form>
    </Modal>
  )
}
