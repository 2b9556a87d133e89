/**
 * Rules for what people write. Those of blank texts and of names are the server's (hooks/text); the same cases
 * hold both to them.
 */

/** What draws nothing of its own: spaces, marks without a letter, control and format characters, blank glyphs. */
const inkless = String.raw`\p{White_Space}\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}`
const ink = new RegExp(`[^${inkless}]`, 'u')

/** Whether nothing of a text would be seen. */
export function isBlank(text: string): boolean {
  return !ink.test(text)
}

/** A name or a title as the server stores it: one line without control and direction characters, empty if it is blank. */
export function oneLine(text: string): string {
  if (isBlank(text)) return ''
  return text
    .replace(/[\t-\r \u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim()
}

/** Embeddings, overrides and isolates: they turn the direction of what follows, also of what isn't theirs. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g

/**
 * The beginning of a text, for a quote, a preview or a notification: at most so many UTF-16 units, no character of
 * the reader's halved, and what is cut ends with an ellipsis.
 */
export function excerpt(text: string, most: number): string {
  const plain = text.replace(turning, '')
  const end = cutAt(plain, most)
  return end === plain.length ? plain : `${plain.slice(0, end).trimEnd()}…`
}

/** What of a text a field takes: at most so many characters as the server counts them (code points), none of the reader's halved. */
export function fitting(text: string, limit: number): string {
  if (text.length <= limit) return text
  const kept = Array.from(text).slice(0, limit).join('')
  return text.slice(0, cutAt(text, kept.length))
}

/** No emoji is longer; of a longer pile of marks as much is looked at. */
const longestCharacter = 64

function cutAt(text: string, most: number): number {
  if (text.length <= most) return text.length
  const around = text.slice(0, most + longestCharacter)
  const start = graphemes ? (graphemes.segment(around).containing(most)?.index ?? 0) : lastStart(around, most)
  if (start > 0) return start
  // One character fills it all: it is cut between its parts.
  return /[\udc00-\udfff]/.test(text.charAt(most)) ? most - 1 : most
}

/** The first character that is a letter, a digit or an emoji, as the reader sees it; empty where there is none. */
export function initialOf(word: string): string {
  for (const character of charactersOf(word)) if (/[\p{L}\p{N}\p{Extended_Pictographic}\p{RI}]/u.test(character)) return character
  return ''
}

const graphemes = 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null

/** Where `Intl.Segmenter` is missing (Firefox before 125): flags, and a character with its marks and what joiners join. */
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
  return graphemes ? Array.from(graphemes.segment(text), ({ segment }) => segment) : (text.match(character) ?? [])
}
