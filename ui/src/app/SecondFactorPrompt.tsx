import { useEffect, useState } from 'react'
import { answerChallenges } from '../actions/secondFactorAction'
import { lazily } from '../lib/lazily'

const SecondFactorDialog = lazily(async () => (await import('../session/SecondFactorDialog')).SecondFactorDialog)

interface Pending {
  challenge: string
  finish: (token: string | null) => void
}

/** Asks for a code whenever a log-in needs one, whichever page began it. */
export function SecondFactorPrompt() {
  const [pending, setPending] = useState<Pending | null>(null)
  useEffect(
    () =>
      answerChallenges(
        (challenge) =>
          new Promise((resolve) => {
            setPending({ challenge, finish: resolve })
          }),
      ),
    [],
  )
  return (
    pending && (
      <SecondFactorDialog
        key={pending.challenge}
        challenge={pending.challenge}
        onDone={(token) => {
          setPending(null)
          pending.finish(token)
        }}
      />
    )
  )
}
