import { type FormEvent, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { changeQuiet } from '../actions/profileAction'
import { errorText } from '../i18n/errorText'
import { useScheduleTexts } from '../i18n/schedule/texts'
import { useTranslation } from '../i18n/useTranslation'
import { type Me, type OwnQuiet, weekdays } from '../protocol/resources'

interface QuietSettingsProps {
  me: Me
  onChange: (me: Me) => void
}

const usual: OwnQuiet = { from: '20:00', to: '07:00', days: ['saturday', 'sunday'] }

/** Quiet hours of one's own, in addition to those of the school. */
export function QuietSettings({ me, onChange }: QuietSettingsProps) {
  const { t: common } = useTranslation()
  const t = useScheduleTexts()
  const [quiet, setQuiet] = useState(me.quiet ?? null)
  const [notice, setNotice] = useState('')
  const [problem, setProblem] = useState('')
  const alter = (change: Partial<OwnQuiet>) => {
    setNotice('')
    setProblem('')
    setQuiet({ ...usual, ...quiet, ...change })
  }
  const save = (next: OwnQuiet | null) => {
    changeQuiet(next).then(
      (fresh) => {
        onChange(fresh)
        setNotice(t(next ? 'own.saved' : 'own.off'))
      },
      (error: unknown) => {
        setProblem(errorText(common, errorCode(error)))
      },
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (quiet && (!quiet.from || !quiet.to || (quiet.from === quiet.to && quiet.days.length === 0))) setProblem(t('own.same'))
    else save(quiet)
  }
  const time = (name: 'from' | 'to', value: string) => (
    <label className="field">
      <span>{t(`own.${name}`)}</span>
      <input type="time" required value={value} onChange={({ target }) => { alter({ [name]: target.value }) }} />
    </label>
  )
  return (
    <form className="profile-group" noValidate aria-labelledby="profile-quiet" onSubmit={submit}>
      <h3 id="profile-quiet">{t('own.title')}</h3>
      <p className="field-hint">
        {t('own.hint')} {me.establishments.some((one) => one.quiet === 'defer') && t('own.school')}
      </p>
      <label className="option">
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={({ target }) => {
            if (target.checked) {
              alter({})
              return
            }
            setQuiet(null)
            // Nothing is left to be saved with the button.
            if (me.quiet) save(null)
          }}
        />
        <span>{t('own.on')}</span>
      </label>
      {quiet && (
        <>
          <div className="quiet-times">
            {time('from', quiet.from)}
            {time('to', quiet.to)}
          </div>
          <fieldset className="quiet-days">
            <legend>{t('own.days')}</legend>
            {weekdays.map((day) => (
              <label key={day} className="option">
                <input
                  type="checkbox"
                  checked={quiet.days.includes(day)}
                  onChange={({ target }) => {
                    alter({ days: weekdays.filter((one) => (one === day ? target.checked : quiet.days.includes(one))) })
                  }}
                />
                <span>{t(`weekday.${day}`)}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
      <p className="field-error" role="alert">
        {problem}
      </p>
      <p className="profile-notice" role="status">
        {notice}
      </p>
      {quiet && (
        <button type="submit" className="button">
          {t('own.save')}
        </button>
      )}
    </form>
  )
}
