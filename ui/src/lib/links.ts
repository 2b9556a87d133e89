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

/** A web address with its scheme or its www, or a mail address: what of it is punctuation is cut off afterwards. */
const address = /\b(?:https?:\/\/|www\.)[^\s<>"'؟،؛]+|(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}][\p{L}\p{N}._%+-]*@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/giu

/** Of what can't hold an address nothing is looked at more closely: the letters of all scripts are dear. */
const hint = /:\/\/|www\.|@/i

/** Ends a sentence, also an Arabic one; no link ends with it. */
const punctuation = '.,;:!?»”’…؟،؛۔'
const pairs = { ')': '(', ']': '[', '}': '{' } as const

/** Splits a text into plain stretches and links; punctuation after a link isn't part of it. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of hint.test(text) ? text.matchAll(address) : []) {
    const link = trimLink(match[0])
    const href = hrefOf(link)
    if (!URL.canParse(href)) continue
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) })
    parts.push({ kind: 'link', text: link, href })
    end = match.index + link.length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

function hrefOf(link: string): string {
  if (/^https?:/i.test(link)) return link
  if (/^www\.[^.]+\.[^.]/i.test(link)) return `https://${link}`
  return link.includes('@') ? `mailto:${link}` : ''
}

/** From its end, as long as that is punctuation or closes what the link hasn't opened: addresses of Wikipedia end with a parenthesis. */
function trimLink(link: string): string {
  const surplus = new Map<string, number>(
    Object.entries(pairs).map(([closing, opening]) => [closing, count(link, closing) - count(link, opening)]),
  )
  let end = link.length
  for (; end > 0; end -= 1) {
    const last = link.charAt(end - 1)
    const unopened = surplus.get(last)
    if (unopened === undefined ? !punctuation.includes(last) : unopened <= 0) break
    if (unopened !== undefined) surplus.set(last, unopened - 1)
  }
  return link.slice(0, end)
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
