/**
 * The query of the `rel="next"` page of an RFC 8288 `Link` header, or null. Only the query is
 * used: behind a proxy the server may not know the host name under which the client reaches it.
 */
export function nextQuery(header: string | null): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:[\s";]|$)/i.test(parameters ?? '')) continue
    const query = target?.split('?', 2)[1]?.split('#', 1)[0]
    if (query) return query
  }
  return null
}
