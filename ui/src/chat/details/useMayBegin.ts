import { useEffect, useState } from 'react'
import { searchMessagerieRecipients } from '../../actions/messagerieAction'
import { fullName } from '../../i18n/personName'
import type { Id, User } from '../../protocol/resources'

export type MayBegin = 'asking' | 'yes' | 'no'

/** Whether the user may begin a conversation with somebody: the search finds only such people. If it can't be asked, sending tells. */
export function useMayBegin(person: User, establishmentIds: readonly Id[], isAsked: boolean): MayBegin {
  const [answer, setAnswer] = useState<MayBegin>('asking')
  const key = establishmentIds.join()
  useEffect(() => {
    if (!isAsked) return
    const abort = new AbortController()
    const find = async () => {
      for (const id of key.split(',').map(Number)) {
        const found = await searchMessagerieRecipients(id, fullName(person), { signal: abort.signal })
        if (found.some((one) => one.id === person.id)) return true
      }
      return false
    }
    const tell = (next: MayBegin) => {
      if (!abort.signal.aborted) setAnswer(next)
    }
    find().then((isFound) => { tell(isFound ? 'yes' : 'no') }, () => { tell('yes') })
    return () => {
      abort.abort()
    }
  }, [person, key, isAsked])
  return isAsked ? answer : 'yes'
}
