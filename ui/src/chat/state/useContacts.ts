import { useCallback, useEffect, useMemo, useState } from 'react'
import { onStoredElsewhere, personalKey, readStored, writeStored } from '../../lib/storage'
import { isUser } from '../../protocol/decode'
import type { Id, User } from '../../protocol/resources'
import type { Contact } from './contacts'

const contactsKey = (userId: Id) => personalKey('contacts', userId)

/** Just opening many people doesn't leave a longer list behind. */
const mostKept = 50

export interface ContactCommands {
  writeTo: (person: User) => void
  /** For somebody who has a conversation by now, which names them. */
  forgetContact: (personId: Id) => void
}

/** Stored on this device like the drafts and synced between tabs, because there is no request for a single person. */
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

  // Changes by another tab are kept.
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
    // Edited by hand, or missing.
    return []
  }
}

function isContact(value: unknown): value is Contact {
  const { person, since } = (value ?? {}) as Record<string, unknown>
  return isUser(person) && typeof since === 'string'
}
