import { useEffect, useState } from 'react'
import { fetchPeople } from '../../actions/directoryAction'
import { currentConnection } from '../../actions/connection'
import { type Id, type Role, roles } from '../../protocol/resources'

/** Rules change while somebody is connected; in milliseconds. */
const goodFor = 5 * 60_000

let known: { key: string; at: number; reach: Promise<Role[]> } | null = null

/** The roles of whom the caller may begin a conversation with; null until it is known, or if it can't be. */
export function useReach(establishmentId: Id): Role[] | null {
  const [reach, setReach] = useState<Role[] | null>(null)
  useEffect(() => {
    let isOver = false
    reachIn(establishmentId).then((found) => { if (!isOver) setReach(found) }, () => undefined)
    return () => {
      isOver = true
    }
  }, [establishmentId])
  return reach
}

/** Asked once for a while, and again after a failure. */
export function reachIn(establishmentId: Id): Promise<Role[]> {
  const key = `${establishmentId} ${currentConnection().getToken()}`
  if (known?.key === key && Date.now() - known.at < goodFor) return known.reach
  const reach = Promise.all(roles.map(async (role) => ((await fetchPeople(establishmentId, { role }, { limit: 1 })).length > 0 ? [role] : []))).then((all) => all.flat())
  known = { key, at: Date.now(), reach }
  reach.catch(() => {
    known = null
  })
  return reach
}
