import './people.css'
import { X } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { searchMessagerieRecipients } from '../../actions/messagerieAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { fullName } from '../../i18n/personName'
import { PersonDetail } from '../../parts/PersonDetail'
import type { Id, Role, User } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'

interface PeoplePickerProps {
  establishmentId: Id
  /** The role of the people who can be found; anybody without one. */
  among?: Role
  people: User[]
  onChange: (people: User[]) => void
}

/** Milliseconds without typing before a search. */
const pause = 200

/** A search for people, and those chosen so far. */
export function PeoplePicker({ establishmentId, among, people, onChange }: PeoplePickerProps) {
  const t = useAdminTexts()
  const id = useId()
  const [query, setQuery] = useState('')
  const { found, error } = useFound(establishmentId, among, query.trim())
  const others = found?.filter((person) => !people.some((one) => one.id === person.id)) ?? []
  return (
    <div className="picker-people">
      <div className="field">
        <label htmlFor={id}>{t('letters.search')}</label>
        <input
          id={id}
          type="search"
          placeholder={t('letters.searchHint')}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
          }}
          onKeyDown={(event) => {
            // Enter in the field must not submit the form.
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
      </div>
      <p role="status" className="panel-status">
        {found?.length === 0 && t('letters.noMatch')}
      </p>
      {error !== null && <AdminProblem error={error} />}
      {others.length > 0 && (
        <ul className="picker-results" aria-label={t('letters.search')}>
          {others.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                aria-label={t('letters.add', { name: fullName(person) })}
                onClick={() => {
                  onChange([...people, person])
                }}
              >
                <strong dir="auto">{fullName(person)}</strong>
                <span className="field-hint">
                  <PersonDetail person={person} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="picker-count" aria-live="polite">
        {people.length > 0 && t('letters.chosen', { count: people.length })}
      </p>
      {people.length > 0 && (
        <ul className="picker-chosen" aria-label={t('letters.chosen', { count: people.length })}>
          {people.map((person) => (
            <li key={person.id}>
              <bdi>{fullName(person)}</bdi>
              <button
                type="button"
                className="icon-button is-small"
                aria-label={t('letters.remove', { name: fullName(person) })}
                onClick={() => {
                  onChange(people.filter((one) => one !== person))
                }}
              >
                <X size={14} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface Found {
  query: string
  people: User[] | null
  error: unknown
}

function useFound(establishmentId: Id, role: Role | undefined, query: string): { found: User[] | null; error: unknown } {
  const [{ query: answered, people, error }, setFound] = useState<Found>({ query: '', people: null, error: null })
  const isLongEnough = query.length >= 2
  useEffect(() => {
    if (!isLongEnough) return
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      searchMessagerieRecipients(establishmentId, query, { ...(role ? { role } : {}), signal: abort.signal }).then(
        (list) => {
          setFound({ query, people: list, error: null })
        },
        (reason: unknown) => {
          if (!isAbort(reason)) setFound({ query, people: null, error: reason })
        },
      )
    }, pause)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [establishmentId, role, query, isLongEnough])
  if (!isLongEnough) return { found: null, error: null }
  // While another search runs, the last results stay.
  return { found: people, error: answered === query ? error : null }
}
