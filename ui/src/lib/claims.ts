/** The user id in a PocketBase token; null for an empty or unreadable one. */
export function personOf(token: string): number | null {
  return idOf(claimsOf(token)?.id)
}

/** The device that a token belongs to; null if it names none, as those of earlier servers. */
export function deviceOf(token: string): number | null {
  return idOf(claimsOf(token)?.device)
}

function idOf(claim: unknown): number | null {
  return typeof claim === 'string' && /^\d+$/.test(claim) ? Number(claim) : null
}

/** When a token expires, in milliseconds since 1970; null if it doesn't say. */
export function expiryOf(token: string): number | null {
  const expiry = claimsOf(token)?.exp
  return typeof expiry === 'number' ? expiry * 1000 : null
}

interface Claims {
  id?: unknown
  exp?: unknown
  device?: unknown
}

function claimsOf(token: string): Claims | null {
  const payload = token.split('.')[1]
  if (!payload) return null
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Claims | null
  } catch {
    return null
  }
}
