import { Combobox } from '@base-ui/react/combobox'
import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useId, useState } from 'react'
import { nameAmong } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { errorText } from '../../i18n/errorText'
import { isComposing } from '../../lib/isComposing'
import { Avatar } from '../../parts/Avatar'
import { PersonDetail } from '../../parts/PersonDetail'
import type { Id, User } from '../../protocol/resources'
import { useContactSearch } from '../state/useContactSearch'
import { ReachNote } from './ReachNote'

addLaterTexts()

interface PeoplePickerProps {
  field: RefObject<HTMLInputElement | null>
  label: string
  establishmentId: Id
  /** People who aren't offered even if they are found. */
  without?: readonly User[]
  chosen: User[]
  /** Returns what was typed before the field was there; called when it gets the focus. */
  takeTyped?: () => string
  onChange: (chosen: User[]) => void
  /** Shown below the field while nothing is searched. */
  children?: ReactNode
}

const isSame = (a: User, b: User) => a.id === b.id

/** A combobox that adds people: arrows move, Enter adds, Backspace in the empty field removes the last. */
export function PeoplePicker({ field, label, establishmentId, without = [], chosen, takeTyped, onChange, children }: PeoplePickerProps) {
  const { t } = useTranslation()
  const id = useId()
  const [query, setQuery] = useState('')
  const search = useContactSearch(establishmentId, query)
  const known = [...chosen, ...without]
  const people = search.status === 'found' ? search.people.filter((person) => !known.some((one) => isSame(one, person))) : []

  return (
    <>
      <Combobox.Root
        multiple
        inline
        open
        autoHighlight
        items={people}
        // The server has filtered.
        filter={null}
        value={chosen}
        isItemEqualToValue={isSame}
        itemToStringLabel={fullName}
        inputValue={query}
        onInputValueChange={setQuery}
        onValueChange={(next) => {
          onChange(next)
          setQuery('')
          field.current?.focus()
        }}
      >
        <div className="picker">
          <label htmlFor={id}>{label}</label>
          <Combobox.Chips className="picker-field">
            {chosen.map((person) => (
              <Combobox.Chip key={person.id} className="chip">
                <bdi>{nameAmong(person, chosen)}</bdi>
                <Combobox.ChipRemove aria-label={t('create.remove', { name: nameAmong(person, chosen) })}>
                  <X size={14} aria-hidden="true" />
                </Combobox.ChipRemove>
              </Combobox.Chip>
            ))}
            <Combobox.Input
              ref={field}
              id={id}
              autoComplete="off"
              placeholder={chosen.length === 0 ? t('create.placeholder') : ''}
              onFocus={() => {
                const typed = takeTyped?.() ?? ''
                setQuery((text) => text + typed)
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || query === '' || isComposing(event.nativeEvent)) return
                event.preventBaseUIHandler()
                event.stopPropagation()
                setQuery('')
              }}
            />
          </Combobox.Chips>
          <Combobox.List className="picker-list" aria-label={t('create.results')} hidden={people.length === 0}>
            {(person: User) => (
              <Combobox.Item key={person.id} value={person} className="picker-option">
                <Avatar id={person.id} name={fullName(person)} />
                <span className="conversation-body">
                  <span className="conversation-name" dir="auto">{fullName(person)}</span>
                  <PersonDetail person={person} />
                </span>
              </Combobox.Item>
            )}
          </Combobox.List>
          <p className="picker-note" role="status" aria-label={t('create.results')}>
            {search.status === 'idle' && chosen.length === 0 && t(children ? 'directory.hint' : 'create.hint')}
            {search.status === 'searching' && t('list.searching')}
            {search.status === 'failed' && errorText(t, search.code)}
            {search.status === 'found' && (people.length === 0 ? t('create.none') : t('create.count', { count: people.length }))}
          </p>
          {search.status === 'found' && people.length === 0 && <ReachNote establishmentId={establishmentId} />}
        </div>
      </Combobox.Root>
      {children && <div hidden={search.status !== 'idle'}>{children}</div>}
    </>
  )
}
