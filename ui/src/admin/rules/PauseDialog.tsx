import { type FormEvent, useRef, useState } from 'react'
import type { PauseFields } from '../../actions/rulesAction'
import { useRulesTexts } from '../../i18n/rules/texts'
import { fieldText, momentOf, wallTimeIn, wallTimeOf } from '../../lib/zonedTime'
import { Modal } from '../../parts/Modal'
import type { Pause } from '../../protocol/rules'

interface PauseDialogProps {
  title: string
  zone: string | undefined
  /** The one that is changed; undefined for a new one. */
  pause: Pause | undefined
  onSave: (fields: PauseFields) => void
  onClose: () => void
}

/** What people read while they can't write, and until when. */
export function PauseDialog({ title, zone, pause, onSave, onClose }: PauseDialogProps) {
  const t = useRulesTexts()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(pause?.text ?? '')
  const [until, setUntil] = useState(pause?.until ? fieldText(wallTimeOf(new Date(pause.until), zone)) : '')
  const [problem, setProblem] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wall = wallTimeIn(until)
    const end = wall && momentOf(wall, zone)
    if (end && end.getTime() <= Date.now()) setProblem(t('pausePast'))
    else onSave({ text: text.trim(), until: end?.toISOString() ?? null })
  }
  return (
    <Modal title={title} firstFocus={field} onClose={onClose}>
      <form className="pause-form" noValidate onSubmit={submit}>
        <div className="field">
          <label htmlFor="pause-text">{t('pauseText')}</label>
          <textarea
            ref={field}
            id="pause-text"
            rows={3}
            dir="auto"
            value={text}
            aria-describedby="pause-text-hint"
            onChange={({ target }) => {
              setText(target.value)
            }}
          />
          <span id="pause-text-hint" className="field-hint">
            {t('pauseTextHint')}
          </span>
        </div>
        <div className="field">
          <label htmlFor="pause-until">{t('pauseUntil')}</label>
          <input
            id="pause-until"
            type="datetime-local"
            value={until}
            aria-invalid={problem ? true : undefined}
            aria-describedby="pause-until-hint"
            onChange={({ target }) => {
              setProblem('')
              setUntil(target.value)
            }}
          />
          <span id="pause-until-hint" className="field-hint">
            {t('pauseUntilHint')}
          </span>
          <span className="field-error" role="alert">
            {problem}
          </span>
        </div>
        <footer className="modal-footer">
          <button type="button" className="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="button is-primary">
            {t(pause ? 'save' : 'pauseStart')}
          </button>
        </footer>
      </form>
    </Modal>
  )
}
