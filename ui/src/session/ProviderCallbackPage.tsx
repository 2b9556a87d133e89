import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../actions/apiCall'
import { addLaterTexts } from '../i18n/later'
import { useProviderTexts } from '../i18n/provider/texts'
import { useTranslation } from '../i18n/useTranslation'
import { personOf } from '../lib/claims'
import { replacePath } from '../lib/route'
import { writeStored } from '../lib/storage'
import { PageLink } from '../parts/PageLink'
import { FormProblem } from './FormProblem'
import { type LoginProblem, loginProblem } from './loginError'
import { LoginFrame } from './LoginFrame'
import { AttemptError, finishAttempt } from './providerAttempt'
import { logoutUrlKey, sessionOwner } from './token'
import type { SessionHandle } from './useSession'

addLaterTexts()

type Login = Awaited<ReturnType<typeof finishAttempt>>
type Problem = { text: 'cancelled' | 'outdated' | 'failed' | 'unknown' } | { reason: LoginProblem }

/** Where a provider leads back to: its code is exchanged for a session. */
export function ProviderCallbackPage({ handle }: { handle: SessionHandle }) {
  const t = useProviderTexts()
  const { t: common } = useTranslation()
  const { status } = handle.session
  const { problem, erase, retry } = useFinishedAttempt(handle)
  return (
    <LoginFrame title={common('login.title')}>
      {status === 'unreachable' ? (
        <>
          <p className="alert" role="alert">
            {common('app.unreachable')}
          </p>
          <button type="button" className="button is-primary is-large" onClick={handle.retry}>
            {common('app.retry')}
          </button>
        </>
      ) : problem === null ? (
        <p role="status">{t('connecting')}</p>
      ) : (
        <>
          {'reason' in problem ? (
            <FormProblem problem={problem.reason} onOver={retry} />
          ) : (
            <p className={problem.text === 'cancelled' ? 'alert is-info' : 'alert'} role="alert">
              {t(problem.text)}
            </p>
          )}
          {erase && (
            <button type="button" className="button is-primary is-large" onClick={erase}>
              {common('login.submitErasing')}
            </button>
          )}
          <PageLink path="/">{common('password.backToLogin')}</PageLink>
        </>
      )}
    </LoginFrame>
  )
}

/** Comes in once it is clear that nobody is logged in; somebody who is stays so. */
function useFinishedAttempt({ session, enter }: SessionHandle) {
  const [problem, setProblem] = useState<Problem | null>(null)
  const [login, setLogin] = useState<Login | null>(null)
  const isBegun = useRef(false)
  const path = useRef('/')

  const comeIn = useCallback(
    async (login: Login, erasesUnsent = false) => {
      const before = sessionOwner()
      const isTheirs = before === null || before === personOf(login.token)
      if (isTheirs) path.current = login.path
      await enter(login.token, '', erasesUnsent)
      writeStored(logoutUrlKey, login.logoutUrl)
    },
    [enter],
  )
  useEffect(() => {
    if (session.status === 'active') replacePath(path.current)
    if (session.status !== 'ended' || isBegun.current) return
    isBegun.current = true
    const { search } = window.location
    // The code stays neither in the address nor in the history.
    replacePath(window.location.pathname)
    finishAttempt(search)
      .then((login) => {
        setLogin(login)
        return comeIn(login)
      })
      .catch((error: unknown) => {
        setProblem(problemOf(error))
      })
  }, [session.status, comeIn])

  const mayErase = login && problem && 'reason' in problem && problem.reason.kind === 'unsent'
  const erase = mayErase
    ? () => {
        setProblem(null)
        comeIn(login, true).catch((error: unknown) => {
          setProblem(problemOf(error))
        })
      }
    : null
  const retry = useCallback(() => {
    replacePath('/')
  }, [])
  return { problem, erase, retry }
}

function problemOf(error: unknown): Problem {
  if (error instanceof AttemptError) return { text: error.reason }
  if (error instanceof ApiError && error.code === 'unknown_account') return { text: 'unknown' }
  const reason = loginProblem(error)
  // The code was used before, or is too old.
  return reason.kind === 'wrong' ? { text: 'failed' } : { reason }
}
