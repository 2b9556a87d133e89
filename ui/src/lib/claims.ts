/** The user id in a PocketBase token; null for an empty or unreadable one. */
export function personOf(token: string): number | null {
  const payload = token.split('.')[1]
  if (!payload) return null
  try {
    const { id } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { id?: unknown }
    return typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : null
  } catch {
    return null
  }
}
