import { isArrayOf, isShape, isString } from '../protocol/decode'
import { apiCall } from './apiCall'
import { withSecondFactor } from './secondFactorAction'

/** A provider to log in with, and what one attempt there needs. */
export interface ProviderOffer {
  name: string
  /** Comes back with the code: only an attempt of this browser may be finished here. */
  state: string
  codeVerifier: string
  /** The provider's page, to which the encoded address to come back to has to be added. */
  authURL: string
}

const isOffers = isShape<{ oauth2: { providers: ProviderOffer[] } }>({
  oauth2: isShape({
    providers: isArrayOf(isShape<ProviderOffer>({ name: isString, state: isString, codeVerifier: isString, authURL: isString })),
  }),
})

/** A new attempt at each provider of the school. */
export async function fetchProviderOffers(): Promise<ProviderOffer[]> {
  const answer = await apiCall({ path: '/api/collections/users/auth-methods', anonymous: true }, isOffers)
  return answer.oauth2.providers
}

export interface ProviderLogin {
  token: string
  /** Where to log out at the provider; empty if it has no such page. */
  logoutUrl: string
}

const isMeta = isShape<{ logout_url: string }>({ logout_url: isString })
const isProviderLogin = isShape<{ token: string; meta: { logout_url: string } }>({ token: isString, meta: isMeta })

/**
 * Exchanges the provider's code for a token. Rejects with `unknown_account` if the provider has let somebody in whom
 * the school doesn't know, with status 403 if their account is disabled, and 400 if the code isn't valid.
 */
export async function loginWithProvider(fields: {
  provider: string
  code: string
  codeVerifier: string
  redirectURL: string
}): Promise<ProviderLogin> {
  const answer = apiCall(
    { method: 'POST', path: '/api/collections/users/auth-with-oauth2', body: fields, anonymous: true },
    isProviderLogin,
  )
  const { token, meta } = await withSecondFactor(answer, (token, meta) => ({ token, meta: isMeta(meta) ? meta : { logout_url: '' } }))
  return { token, logoutUrl: meta.logout_url }
}
