import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../i18n/errorText'
import type { Id, User } from '../protocol'
import { Avatar } from './Avatar'
import { fullName } from './conversations'
import { useContactSearch } from './useContactSearch'

interface PeoplePickerProps {
  establishmentId: Id
  chosen: User[]
  onChange: (chosen: User[]) => void
}

/** A combobox that adds people: arrows move, Enter adds, Backspace in the empty field removes the last. */
export function PeoplePicker({ establishmentId, chosen, onChange }: PeoplePickerProps) {
  const { t } = useTranslation()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const search = useContactSearch(establishmentId, query)
  const people =
    search.status === 'found' ? search.people.filter((person) => !chosen.some((one) => one.id === person.id)) : []
  const activePerson = people[active]
  // After the dialog, which gives the focus to its first button.
  useEffect(() => {
    field.current?.focus()
  }, [])
  const optionId = (person: User) => `${id}-${person.id}`

  const add = (person: User) => {
    onChange([...chosen, person])
    setQuery('')
    setActive(0)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && query === '') onChange(chosen.slice(0, -1))
    if (event.key === 'Escape' && query !== '') {
      event.preventDefault()
      event.stopPropagation()
      setQuery('')
    }
    if (people.length === 0 || event.nativeEvent.isComposing) return
    const next = { ArrowDown: active + 1, ArrowUp: active - 1 + people.length, Home: 0, End: people.length - 1 }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      setActive(next % people.length)
    } else if (event.key === 'Enter' && activePerson) {
      event.preventDefault()
      add(activePerson)
    }
  }

  return (
    <div className="picker">
      <label htmlFor={`${id}-field`}>{t('create.people')}</label>
      <div className="picker-field">
        {chosen.map((person) => (
          <span key={person.id} className="chip">
            {fullName(person)}
            <button
              type="button"
              aria-label={t('create.remove', { name: fullName(person) })}
              onClick={() => {
                onChange(chosen.filter((one) => one.id !== person.id))
                field.current?.focus()
              }}
            >
              <X size={14} aria-hidden="true" />
            </button>
          </span>
        ))}
        <input
          ref={field}
          id={`${id}-field`}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={people.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={activePerson ? optionId(activePerson) : undefined}
          autoComplete="off"
          placeholder={chosen.length === 0 ? t('create.placeholder') : ''}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul className="picker-list" role="listbox" id={`${id}-list`} aria-label={t('create.results')} hidden={people.length === 0}>
        {people.map((person, index) => (
          // Keys act on the field, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={person.id}
            id={optionId(person)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="picker-option"
            onClick={() => {
              add(person)
            }}
          >
            <Avatar id={person.id} name={fullName(person)} />
            <span className="conversation-body">
              <span className="conversation-name">{fullName(person)}</span>
              <span className="conversation-role">
                {t(`role.${person.role}`)}
                {person.email && ` · ${person.email}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="picker-note" role="status" aria-label={t('create.results')}>
        {search.status === 'idle' && chosen.length === 0 && t('create.hint')}
        {search.status === 'searching' && t('list.searching')}
        {search.status === 'failed' && errorText(t, search.code)}
        {search.status === 'found' && (people.length === 0 ? t('create.none') : t('create.count', { count: people.length }))}
      </p>
    </div>
  )
}
