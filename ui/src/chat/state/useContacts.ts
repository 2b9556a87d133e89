import { useCallback, useEffect, useMemo, useState } from 'react'
import { onStoredElsewhere, personalKey, readStored, writeStored } from '../../lib/storage'
import { isUser } from '../../protocol/decode'
import type { Id, User } from '../../protocol/resources'
import type { Contact } from './contacts'

const contactsKey = (userId: Id) => personalKey('contacts', userId)

/** Just looking at many people leaves no longer list behind. */
const mostKept = 50

export interface ContactCommands {
  writeTo: (person: User) => void
  /** They have a conversation, which tells who they are. */
  forgetContact: (personId: Id) => void
}

/** Kept on this device with the drafts, and the same in every tab: no request tells who somebody is. */
export function useContacts(userId: Id): [Contact[], ContactCommands] {
  const key = contactsKey(userId)
  const [stored, setStored] = useState(() => readStored(key))
  const contacts = useMemo(() => contactsIn(stored), [stored])
  useEffect(
    () =>
      onStoredElsewhere((changed, value) => {
        if (changed === key) setStored(value)
      }),
    [key],
  )

  // What another tab has stored meanwhile stays.
  const change = useCallback(
    (next: (known: Contact[]) => Contact[]) => {
      const text = JSON.stringify(next(contactsIn(readStored(key))))
      writeStored(key, text === '[]' ? null : text)
      setStored(text)
    },
    [key],
  )
  const writeTo = useCallback(
    (person: User) => {
      change((known) => [{ person, since: new Date().toISOString() }, ...without(known, person.id)].slice(0, mostKept))
    },
    [change],
  )
  const forgetContact = useCallback(
    (personId: Id) => {
      change((known) => without(known, personId))
    },
    [change],
  )
  const commands = useMemo(() => ({ writeTo, forgetContact }), [writeTo, forgetContact])
  return [contacts, commands]
}

function without(contacts: Contact[], personId: Id): Contact[] {
  return contacts.filter(({ person }) => person.id !== personId)
}

function contactsIn(stored: string | null): Contact[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(value) ? value.filter(isContact) : []
  } catch {
    // Written by hand, or by nobody.
    return []
  }
}

function isContact(value: unknown): value is Contact {
  const { person, since } = (value ?? {}) as Record<string, unknown>
  return isUser(person) && typeof since === 'string'
}
