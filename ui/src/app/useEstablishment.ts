import { useState } from 'react'
import { readStored, writeStored } from '../lib/storage'
import type { Establishment, Id, Me } from '../protocol/resources'

const key = 'messagerie.establishment'

/** The establishment in use and a function that chooses another one; undefined for people who have none. */
export function useEstablishment({ establishments }: Me): [Establishment | undefined, (id: Id) => void] {
  const [chosenId, setChosenId] = useState(() => Number(readStored(key)))
  const choose = (id: Id) => {
    writeStored(key, String(id))
    setChosenId(id)
  }
  return [establishments.find(({ id }) => id === chosenId) ?? establishments[0], choose]
}
