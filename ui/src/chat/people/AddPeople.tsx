import { UserPlus } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { Id, User } from '../../protocol/resources'
import { PeoplePicker } from './PeoplePicker'

addLaterTexts()

interface AddPeopleProps {
  establishmentId: Id
  members: User[]
  /** Returns whether it succeeded. */
  onAdd: (people: User[]) => Promise<boolean>
}

/** A button that becomes a search for people to add to the group. */
export function AddPeople({ establishmentId, members, onAdd }: AddPeopleProps) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<User[] | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const isOpen = chosen !== null
  const wasOpen = useRef(false)
  useEffect(() => {
    if (isOpen) field.current?.focus()
    else if (wasOpen.current) button.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])

  if (chosen === null) {
    return (
      <button
        ref={button}
        type="button"
        className="button"
        onClick={() => {
          setChosen([])
        }}
      >
        <UserPlus size={16} aria-hidden="true" />
        {t('details.add')}
      </button>
    )
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (chosen.length > 0 && (await onAdd(chosen))) setChosen(null)
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <PeoplePicker
        field={field}
        label={t('details.add')}
        establishmentId={establishmentId}
        without={members}
        chosen={chosen}
        onChange={setChosen}
      />
      <div className="details-buttons">
        <button
          type="button"
          className="button"
          onClick={() => {
            setChosen(null)
          }}
        >
          {t('create.cancel')}
        </button>
        <button type="submit" className="button is-primary" disabled={chosen.length === 0}>
          {t('details.addSubmit')}
        </button>
      </div>
    </form>
  )
}
