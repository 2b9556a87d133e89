/**
 * The query of the `rel="next"` page of an RFC 8288 `Link` header, or null. Only its query
 * counts: behind a proxy the server may not know the name under which we reach it.
 */
export function nextQuery(header: string | null): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:[\s";]|$)/i.test(parameters ?? '')) continue
    const query = target?.split('?', 2)[1]?.split('#', 1)[0]
    if (query) return query
  }
  return null
}

export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string }

const address = /\bhttps?:\/\/[^\s<>"']+/gi

/** Splits a text into plain stretches and http(s) links; punctuation after a link isn't part of it. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const link = trimLink(match[0])
    if (!URL.canParse(link)) continue
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) })
    parts.push({ kind: 'link', text: link, href: link })
    end = match.index + link.length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

function trimLink(link: string): string {
  let trimmed = link.replace(/[.,;:!?»”’…]+$/u, '')
  while (trimmed.endsWith(')') && count(trimmed, ')') > count(trimmed, '(')) trimmed = trimmed.slice(0, -1)
  return trimmed
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
