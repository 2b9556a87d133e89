import { CalendarDays, CalendarPlus, X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { addClosure, importClosures, removeClosure } from '../../actions/rulesAction'
import { useRulesTexts } from '../../i18n/rules/texts'
import { formatDate, localeOf } from '../../i18n/time'
import { useTranslation } from '../../i18n/useTranslation'
import type { Id } from '../../protocol/resources'
import type { Closure } from '../../protocol/rules'
import { AdminProblem } from '../AdminProblem'

interface ClosuresProps {
  establishmentId: Id
  closures: Closure[]
  onChanged: () => void
}

const nothing = { name: '', first_day: '', last_day: '' }

/** Holidays, from the ministry's calendar or by hand. */
export function Closures({ establishmentId, closures, onChanged }: ClosuresProps) {
  const t = useRulesTexts()
  const { language } = useTranslation().i18n
  const file = useRef<HTMLInputElement>(null)
  const [fields, setFields] = useState(nothing)
  const [problem, setProblem] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [done, setDone] = useState('')
  const attempt = async <T,>(work: Promise<T>, onDone: (result: T) => void) => {
    setError(null)
    setDone('')
    await work.then((result) => {
      onDone(result)
      onChanged()
    }, setError)
  }
  const add = (event: FormEvent) => {
    event.preventDefault()
    const closure = { ...fields, name: fields.name.trim() }
    if (!closure.name || !closure.first_day || !closure.last_day) setProblem(t('hours.incomplete'))
    else if (closure.last_day < closure.first_day) setProblem(t('hours.order'))
    else void attempt(addClosure(establishmentId, closure), () => { setFields(nothing) })
  }
  const field = (name: keyof typeof nothing, label: string, type: string) => (
    <label className="field">
      <span>{label}</span>
      <input
        type={type}
        value={fields[name]}
        dir={type === 'text' ? 'auto' : undefined}
        autoComplete="off"
        onChange={({ target }) => {
          setProblem('')
          setFields({ ...fields, [name]: target.value })
        }}
      />
    </label>
  )
  return (
    <section className="panel" aria-labelledby="closures">
      <h2 id="closures">{t('hours.closures')}</h2>
      <p className="panel-text">{t('hours.closuresHint')}</p>
      {closures.length === 0 && <p>{t('hours.none')}</p>}
      <ul className="files" aria-labelledby="closures">
        {closures.map((closure) => (
          <li key={closure.id}>
            <CalendarDays size={18} aria-hidden="true" />
            <span className="files-name">
              <strong dir="auto">{closure.name}</strong> <span className="field-hint">{periodText(closure)}</span>
            </span>
            <button
              type="button"
              className="icon-button is-small"
              aria-label={t('hours.remove', { name: closure.name })}
              title={t('hours.remove', { name: closure.name })}
              onClick={() => void attempt(removeClosure(establishmentId, closure.id), () => undefined)}
            >
              <X size={16} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      {error !== null && <AdminProblem error={error} />}
      <p className="panel-status" role="status">
        {done}
      </p>
      <div>
        <button type="button" className="button" onClick={() => file.current?.click()}>
          <CalendarPlus size={16} aria-hidden="true" />
          {t('hours.import')}
        </button>
        <input
          ref={file}
          type="file"
          hidden
          accept=".ics,text/calendar"
          aria-label={t('hours.import')}
          onChange={({ target }) => {
            const [chosen] = target.files ?? []
            if (chosen) {
              void attempt(importClosures(establishmentId, chosen), ({ added }) => {
                setDone(added > 0 ? t('hours.imported', { count: added }) : t('hours.importedNone'))
              })
            }
            // So that the same file can be chosen again.
            target.value = ''
          }}
        />
      </div>
      <form className="closure-form" noValidate onSubmit={add}>
        {field('name', t('hours.name'), 'text')}
        {field('first_day', t('hours.first'), 'date')}
        {field('last_day', t('hours.last'), 'date')}
        <button type="submit" className="button">
          {t('hours.add')}
        </button>
      </form>
      <p className="field-error" role="alert">
        {problem}
      </p>
    </section>
  )

  function periodText({ first_day: first, last_day: last }: Closure): string {
    return first === last ? t('hours.oneDay', { first: dateText(language, first) }) : t('hours.period', { first: dateText(language, first), last: dateText(language, last) })
  }
}

/** A day has no time zone. */
function dateText(language: string, day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return day
  return formatDate(language, new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }), date)
}
