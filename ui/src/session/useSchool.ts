import { useEffect, useState } from 'react'
import { fetchSchool } from '../actions/sessionAction'
import type { School } from '../protocol/resources'

let known: School | null = null
let asked: Promise<School> | null = null

/** One request for all who ask at once; an answer is asked for anew each time that a page opens. */
function ask(): Promise<School> {
  asked ??= fetchSchool().finally(() => {
    asked = null
  })
  return asked
}

/** The school as the pages before the messages show it; null until it is there, `isAsked` while it may still come. */
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
