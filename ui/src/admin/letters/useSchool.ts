import { useEffect, useState } from 'react'
import { currentConnection } from '../../actions/connection'
import { fetchSchool } from '../../actions/sessionAction'
import type { School } from '../../protocol/resources'

/** What the log-in page shows of the school; null until it is known, or if it can't be asked. */
export function useSchool(): School | null {
  const [school, setSchool] = useState<School | null>(null)
  useEffect(() => {
    fetchSchool().then(setSchool, () => undefined)
  }, [])
  return school
}

/** The address of the school's logo; empty if it has none. */
export function logoOf(school: School | null): string {
  return school?.logo ? currentConnection().baseUrl + school.logo : ''
}
