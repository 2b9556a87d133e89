/**
 * Rules for what people write. Those for blank texts and names are the server's (hooks/text); both are tested with
 * the same cases.
 */

/** Characters that show nothing by themselves: spaces, marks without a letter, control and format characters, blank glyphs. */
const invisible = String.raw`\p{White_Space}\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}`
const visible = new RegExp(`[^${invisible}]`, 'u')

/** Whether no character of a text is visible. */
export function isBlank(text: string): boolean {
  return !visible.test(text)
}

/** A name or a title as the server stores it: one line without control and direction characters, empty if it is blank. */
export function oneLine(text: string): string {
  if (isBlank(text)) return ''
  return text
    .replace(/[\t-\r \u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim()
}

/** Embeddings, overrides and isolates: they change the direction of what follows, even outside of the text. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g

/**
 * The beginning of a text, for a quote, a preview or a notification: at most this many UTF-16 units, without splitting
 * a grapheme cluster, and with an ellipsis if it is cut.
 */
export function excerpt(text: string, most: number): string {
  const plain = text.replace(turning, '')
  const end = cutAt(plain, most)
  return end === plain.length ? plain : `${plain.slice(0, end).trimEnd()}…`
}

/** The part of a text that fits a field: at most this many code points, which the server counts, without splitting a grapheme cluster. */
export function fitting(text: string, limit: number): string {
  if (text.length <= limit) return text
  const kept = Array.from(text).slice(0, limit).join('')
  return text.slice(0, cutAt(text, kept.length))
}

/** Two characters that are a grapheme cluster each. */
const twoApart = /^[ -~\xa1-\xac\xae-\u02ff]{2}$/

/** No emoji is longer; of more stacked marks only this much is examined. */
const longestCharacter = 64

function cutAt(text: string, most: number): number {
  if (text.length <= most) return text.length
  if (twoApart.test(text.slice(most - 1, most + 1))) return most
  const around = text.slice(0, most + longestCharacter)
  const segmenter = graphemes()
  const start = segmenter ? (segmenter.segment(around).containing(most)?.index ?? 0) : lastStart(around, most)
  if (start > 0) return start
  // One grapheme cluster is longer than the limit: it is cut between code points.
  return /[\udc00-\udfff]/.test(text.charAt(most)) ? most - 1 : most
}

const emoji = /^(?:\p{RI}{2}|[#*\d]\ufe0f?\u20e3|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Emoji}\p{Emoji_Modifier})/u
/** No three emoji are longer, with spaces between them. */
const longestEmoji = 60

/** Whether a text is one, two or three emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  if (text.length > longestEmoji) return false
  const dense = text.replace(/\s/g, '')
  if (!emoji.test(dense)) return false
  const all = charactersOf(dense)
  return all.length <= 3 && all.every((one) => emoji.test(one))
}

/** The first grapheme cluster that is a letter, a digit or an emoji; empty if there is none. */
export function initialOf(word: string): string {
  if (simple.test(word)) return word.charAt(0)
  for (const character of charactersOf(word)) if (/[\p{L}\p{N}\p{Extended_Pictographic}\p{RI}]/u.test(character)) return character
  return ''
}

/** Digits and Latin letters, each of which is a grapheme cluster. Most names are so. */
const simple = /^[\da-zA-Z\xc0-\xd6\xd8-\xf6\xf8-\u024f]*$/

let made: Intl.Segmenter | null | undefined

/** Made when it is first needed: that takes longer than the rest of this page's modules together. Null if the browser has none. */
function graphemes(): Intl.Segmenter | null {
  made ??= 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null
  return made
}

/** If `Intl.Segmenter` is missing (Firefox before 125): flags, and a character with its marks and joined characters. */
const character = /\p{RI}{2}|(?:\r\n|\P{M}|^)[\p{M}\p{Emoji_Modifier}]*(?:\u200d\P{M}[\p{M}\p{Emoji_Modifier}]*)*/gsu

function lastStart(text: string, most: number): number {
  let start = 0
  for (const { index } of text.matchAll(character)) {
    if (index > most) break
    start = index
  }
  return start
}

function charactersOf(text: string): string[] {
  const segmenter = graphemes()
  return segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : (text.match(character) ?? [])
}
