import { fetchProviderOffers, loginWithProvider, type ProviderLogin } from '../actions/providerAction'
import { leaveFor } from '../lib/leaveFor'
import { readInTab, writeInTab } from '../lib/storage'

/** What an attempt to log in at a provider leaves in the tab until the provider leads back. */
interface Attempt {
  provider: string
  state: string
  codeVerifier: string
  /** The page it was begun on. */
  path: string
}

const attemptKey = 'messagerie.attempt'
/** As it has to be registered at the provider. */
const callbackPath = '/login/callback'

const redirectURL = () => window.location.origin + callbackPath

/** Leaves for the provider's page. Rejects with an ApiError. */
export async function beginAttempt(provider: string): Promise<void> {
  const offer = (await fetchProviderOffers()).find(({ name }) => name === provider)
  if (!offer) throw new AttemptError('failed')
  const { state, codeVerifier } = offer
  const attempt: Attempt = { provider, state, codeVerifier, path: window.location.pathname }
  writeInTab(attemptKey, JSON.stringify(attempt))
  leaveFor(offer.authURL + encodeURIComponent(redirectURL()))
}

/** Why an attempt can't be finished: the key of its text. */
export class AttemptError extends Error {
  constructor(readonly reason: 'cancelled' | 'outdated' | 'failed') {
    super(reason)
    this.name = 'AttemptError'
  }
}

/** Back from the provider. Rejects with an AttemptError or an ApiError. */
export async function finishAttempt(query: string): Promise<ProviderLogin & { path: string }> {
  const answer = new URLSearchParams(query)
  const attempt = takeAttempt()
  // A code that somebody else has sent would log this person in to another account.
  if (!attempt || attempt.state !== answer.get('state')) throw new AttemptError('outdated')
  const code = answer.get('code')
  if (!code) throw new AttemptError(answer.get('error') === 'access_denied' ? 'cancelled' : 'failed')
  const { provider, codeVerifier, path } = attempt
  const { token, logoutUrl } = await loginWithProvider({ provider, code, codeVerifier, redirectURL: redirectURL() })
  return { token, logoutUrl: logoutUrl && `${logoutUrl}&post_logout_redirect_uri=${encodeURIComponent(window.location.origin + '/')}`, path }
}

function takeAttempt(): Attempt | null {
  const stored = readInTab(attemptKey)
  writeInTab(attemptKey, null)
  return stored === null ? null : (JSON.parse(stored) as Attempt)
}
