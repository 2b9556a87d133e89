import { useEffect, useState } from 'react'
import { fetchSchool } from '../actions/sessionAction'
import type { School } from '../protocol/resources'

let known: School | null = null
let asked: Promise<School> | null = null

/** One request for concurrent callers; it is made again each time that a page opens. */
function ask(): Promise<School> {
  asked ??= fetchSchool().finally(() => {
    asked = null
  })
  return asked
}

/** The school, for pages without a session; null until it is loaded, `isAsked` while it is loading. */
export function useSchool(): { school: School | null; isAsked: boolean } {
  const [school, setSchool] = useState(known)
  const [isAsked, setIsAsked] = useState(true)
  useEffect(() => {
    ask()
      .then(
        (answer) => {
          known = answer
          setSchool(answer)
        },
        () => undefined,
      )
      .finally(() => {
        setIsAsked(false)
      })
  }, [])
  return { school, isAsked }
}
