import { useCallback, useState } from 'react'
import { type Welcome, welcome } from '../actions/rosterAction'
import { replacePath } from '../lib/route'
import type { AddressOutcome } from '../protocol/roster'
import { type LoginProblem, loginProblem } from './loginError'
import type { SessionHandle } from './useSession'

/** The code is used up and the password saved. */
export interface Admission {
  token: string
  username: string
  password: string
  /** The one that was given, and what became of it; null for none. */
  address: { email: string; outcome: AddressOutcome } | null
  entry: { status: 'waiting'; problem: LoginProblem | null } | { status: 'entering' }
}

interface AdmissionHandle {
  admission: Admission | null
  /** Exchanges the code, then opens the messages, unless there is something to read before. Rejects with the server's error. */
  admit: (fields: Welcome) => Promise<void>
  /** Opens the messages, again if that failed: the code can't be used a second time. */
  enter: (erasesUnsent?: boolean) => void
}

export function useAdmission(open: SessionHandle['enter']): AdmissionHandle {
  const [admission, setAdmission] = useState<Admission | null>(null)
  const enterAs = useCallback(
    (admitted: Admission, erasesUnsent = false) => {
      setAdmission({ ...admitted, entry: { status: 'entering' } })
      open(admitted.token, admitted.password, erasesUnsent).then(
        () => {
          replacePath('/')
        },
        (error: unknown) => {
          setAdmission({ ...admitted, entry: { status: 'waiting', problem: loginProblem(error) } })
        },
      )
    },
    [open],
  )
  const admit = useCallback(
    async (fields: Welcome) => {
      const { username, password, email = '' } = fields
      const { token, meta } = await welcome(fields)
      const address = meta ? { email, outcome: meta.email } : null
      const admitted: Admission = { token, username, password, address, entry: { status: 'waiting', problem: null } }
      if (address) setAdmission(admitted)
      else enterAs(admitted)
    },
    [enterAs],
  )
  const enter = useCallback(
    (erasesUnsent?: boolean) => {
      if (admission) enterAs(admission, erasesUnsent)
    },
    [admission, enterAs],
  )
  return { admission, admit, enter }
}
