import { useEffect, useState } from 'react'
import { currentConnection } from '../../actions/connection'
import { fetchSchool } from '../../actions/sessionAction'

/** The address of the school's logo; empty if it has none, or can't be asked. */
export function useLogo(): string {
  const [logo, setLogo] = useState('')
  useEffect(() => {
    fetchSchool().then(
      (school) => {
        if (school.logo) setLogo(currentConnection().baseUrl + school.logo)
      },
      () => undefined,
    )
  }, [])
  return logo
}
