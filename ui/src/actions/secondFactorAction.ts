import { isArrayOf, isNumber, isOneOf, isShape, isString, isToken } from '../protocol/decode'
import type { SecondFactorState } from '../protocol/resources'
import { apiCall, apiCommand, ApiError } from './apiCall'

/** Asks the person for a code and returns the token that it gets; null if they give up. */
type Asker = (challenge: string) => Promise<string | null>

let ask: Asker | null = null

/** The page that asks for codes; returns a function that ends it. */
export function answerChallenges(asker: Asker): () => void {
  ask = asker
  return () => {
    ask = null
  }
}

/** Completes a log-in whose account has a second factor; without a code it is rejected with `second_factor_needed`. */
export async function withSecondFactor<T extends { token: string }>(login: Promise<T>, complete: (token: string, meta: unknown) => T): Promise<T> {
  try {
    return await login
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'second_factor_needed' || !ask) throw error
    const token = await ask(String(error.data.challenge))
    if (token === null) throw error
    return complete(token, error.data.meta)
  }
}

/** Returns a token. Rejects with `invalid_second_factor`, and with `invalid_request` if the log-in has taken too long. */
export async function logInWithCode(challenge: string, code: string): Promise<string> {
  const path = '/api/messagerie/second-factor/log-in/'
  return (await apiCall({ method: 'POST', path, body: { challenge, code }, anonymous: true }, isToken)).token
}

const path = '/api/messagerie/second-factor/'

export interface SecondFactor {
  state: SecondFactorState
  /** How many are left. */
  recovery_codes: number
}

const isSecondFactor = isShape<SecondFactor>({ state: isOneOf(['', 'off', 'on', 'required']), recovery_codes: isNumber })

export function fetchSecondFactor(): Promise<SecondFactor> {
  return apiCall({ path }, isSecondFactor)
}

export interface SecondFactorSetup {
  /** In base32, to be typed. */
  secret: string
  /** For the QR code. */
  uri: string
}

const isSetup = isShape<SecondFactorSetup>({ secret: isString, uri: isString })

/** A new secret, which counts once it is confirmed. Rejects with `invalid_password`, and with `second_factor_on` if there is one already. */
export function setUpSecondFactor(password: string): Promise<SecondFactorSetup> {
  return apiCall({ method: 'POST', path, body: { password } }, isSetup)
}

const isCodes = isShape<{ recovery_codes: string[] }>({ recovery_codes: isArrayOf(isString) })

/** Returns the recovery codes. Rejects with `invalid_second_factor`. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  return (await apiCall({ method: 'POST', path: `${path}confirm/`, body: { code } }, isCodes)).recovery_codes
}

/** Rejects with `invalid_password` or `invalid_second_factor`. */
export function turnOffSecondFactor(password: string, code: string): Promise<void> {
  return apiCommand({ method: 'DELETE', path, body: { password, code } })
}
