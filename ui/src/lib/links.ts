import { shownHost } from './shownHost'

export type LinkPart =
  | { kind: 'text'; text: string }
  /** The displayed text is split into the part that identifies the target (scheme and host, a mail address, a phone number) and the rest. */
  | { kind: 'link'; href: string; host: string; rest: string }

/** A quick check for texts without an address, because the patterns for letters of all scripts are expensive. */
const hint = /:\/\/|www\.|@|(?:\d\D?){8}/i

/**
 * Characters that end a web address: spaces, quotes around it, Arabic punctuation, a backslash (which browsers treat as a
 * slash), and invisible characters, except the joiners that emoji and Persian words contain.
 */
const outside = String.raw`\s<>"«»‹›“”„\\؟،؛\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0`
const web = String.raw`(?<![\p{L}\p{N}_])(?:https?:\/\/|(?<![@./-])www\.)(?:[^${outside}]|[\u200c\u200d](?=[^${outside}]))+`

/**
 * A mail address is recognised whole or not at all: it begins where a word can, so that none is found in the middle of one
 * with other characters. An apostrophe belongs to it (O'Brien).
 */
const mailStart = String.raw`(?<=(?:^|[\s\p{Ps}"«»‹›“”„,;:،؛؟…–—<>])[\p{Cf}'‘’]*)`
const mail = String.raw`${mailStart}[\p{L}\p{N}_][\p{L}\p{N}\p{M}.!#$%&*+\/=?^_\x60{|}~'-]{0,63}@(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}-]*\.)+(?:xn--[a-z0-9-]+|\p{L}[\p{L}\p{M}]+)(?![\p{L}\p{N}\p{M}@_-])`

/**
 * The digits of a national number: in pairs with the same separator or none; overseas also after the four that begin
 * the numbers of a territory (0690 12 34 56).
 */
const national = String.raw`0(?:[1-9](?<gap>[ .\xa0\u202f\u2011-]?)\d\d(?:\k<gap>\d\d){3}|(?:262|508|59[0-9]|639|69[0-9])(?<space>[ .\xa0\u202f\u2011-])\d\d(?:\k<space>\d\d){2})`

/** With the code of a country the digits may be grouped in any way: of France and its territories with nine digits, eight or six. */
const international = String.raw`(?:\+|00[ .\xa0-]?)(?:(?:33|262|508|59[046])${digits(9)}|689${digits(8)}|(?:508|68[17])${digits(6)})`

function digits(count: number): string {
  const separator = String.raw`[ .\xa0\u202f\u2011-]`
  return String.raw`${separator}?(?:\(0\)[ \xa0]?)?[1-9](?:${separator}?\d){${count - 1}}`
}

/** A French phone number, also from overseas, not in the middle of a longer number, an identifier or a path. */
const phone = String.raw`(?<![\p{L}\p{N}_/=#&?@+]|[\p{L}\p{N}]-|\d[ .,:\xa0\u202f])(?:${international}|${national})(?![ .,:/\xa0\u202f]?\d|-?[\p{L}\p{N}_@])`

/** Compiled when first needed: it names many characters. */
let known: RegExp | undefined
const address = () => (known ??= new RegExp(String.raw`(?=[\p{L}\p{N}_+])(?:${web}|${mail}|${phone})`, 'giu'))

/** French elides before an address as well: the "d'" of "d'accueil@…" may belong to either. */
const elision = /^(?:[dl]|qu)'/i

/** Splits a text into plain parts and links. */
export function splitLinks(text: string): LinkPart[] {
  const parts: LinkPart[] = []
  let end = 0
  for (const { 0: found, index } of hint.test(text) ? text.matchAll(address()) : []) {
    const isWeb = /^(?:https?:|www\.)/i.test(found)
    const length = isWeb ? lengthWithoutPunctuation(found) : found.length
    const link = (isWeb ? webLink : found.includes('@') ? mailLink : phoneLink)(found.slice(0, length))
    if (!link) continue
    if (index > end) parts.push({ kind: 'text', text: text.slice(end, index) })
    parts.push({ kind: 'link', ...link })
    end = index + length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

type Target = Omit<Extract<LinkPart, { kind: 'link' }>, 'kind'>

function webLink(typed: string): Target | null {
  const [, scheme = '', authority = '', rest = ''] = /^(https?:\/\/)?([^/?#]*)(.*)$/isu.exec(typed) ?? []
  const href = scheme ? typed : `https://${typed}`
  // "https://bank.example@elsewhere.example" is misleading, "www.exemple" isn't a host name.
  if (!URL.canParse(href) || authority.includes('@') || (!scheme && !/^www\.[^.]+\.[^.]/i.test(typed))) return null
  const [, host = '', port = ''] = /^(.*?)(:\d*)?$/su.exec(authority) ?? []
  const { hostname } = new URL(href)
  if (!/[a-z0-9\]]$/.test(hostname)) return null
  return { href, host: scheme + shownHost(host, hostname) + port, rest }
}

function mailLink(typed: string): Target | null {
  const at = typed.lastIndexOf('@')
  const local = typed.slice(0, at)
  const domain = typed.slice(at + 1)
  if (elision.test(local) || !URL.canParse(`https://${domain}`)) return null
  const { hostname } = new URL(`https://${domain}`)
  return { href: `mailto:${local.replace(/[%?&#/`{|}^=]/g, encodeURIComponent)}@${hostname}`, host: `${local}@${shownHost(domain, hostname)}`, rest: '' }
}

/** As it is dialled; a national number stays one: overseas it isn't continued with +33. */
function phoneLink(typed: string): Target {
  return { href: `tel:${typed.replace('(0)', '').replace(/[^\d+]/g, '')}`, host: typed, rest: '' }
}

/** Characters that end a sentence or a quotation, also in Arabic or Chinese, or are invisible there; no link ends with one. */
const punctuation = '.,;:!?\'’‘…۔。、，！？：；」』】》\u200c\u200d\u034f\u17b4\u17b5'
const pairs = { ')': '(', ']': '[', '}': '{', '）': '（' } as const

/** Strips trailing punctuation and unbalanced closing brackets: addresses of Wikipedia may end with a parenthesis. */
function lengthWithoutPunctuation(link: string): number {
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
  return end
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
