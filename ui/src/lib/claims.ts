/** The user id in a PocketBase token; null for an empty or unreadable one. */
export function personOf(token: string): number | null {
  const id = claimsOf(token)?.id
  return typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : null
}

/** When a token expires, in milliseconds since 1970; null if it doesn't say. */
export function expiryOf(token: string): number | null {
  const expiry = claimsOf(token)?.exp
  return typeof expiry === 'number' ? expiry * 1000 : null
}

function claimsOf(token: string): { id?: unknown; exp?: unknown } | null {
  const payload = token.split('.')[1]
  if (!payload) return null
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { id?: unknown; exp?: unknown } | null
  } catch {
    return null
  }
}
