/** Letters of right-to-left scripts: the blocks that Unicode reserves for them (DerivedBidiClass.txt). */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
export function hasRightToLeft(text: string): boolean {
  return rightToLeft.test(text)
}

/** Characters that determine the direction of a line; numbers within those blocks don't. */
const strong = /[\p{L}\u061c\u200e\u200f]/u

export type Direction = 'ltr' | 'rtl'

/** Consecutive lines of the same direction; null if there are no letters. */
export interface Run {
  direction: Direction | null
  text: string
}

/** Each line has the direction of its first letter, one without letters that of the line before. */
export function runsOf(text: string): Run[] {
  const first = directionOf(text)
  // Most texts have one script.
  if (first !== 'rtl' && !rightToLeft.test(text)) return [{ direction: first, text }]
  const runs: Run[] = []
  for (const line of text.split(/(?<=\n)/)) {
    const last = runs.at(-1)
    const direction = directionOf(line) ?? last?.direction ?? first
    if (last?.direction === direction) last.text += line
    else runs.push({ direction, text: line })
  }
  return runs
}

/** The direction of the first letter, as for `dir="auto"`; null if there is none. */
export function directionOf(text: string): Direction | null {
  const letter = strong.exec(text)?.[0]
  return letter === undefined ? null : rightToLeft.test(letter) ? 'rtl' : 'ltr'
}

export type NumberPart = { kind: 'text'; text: string } | { kind: 'number'; text: string }

/** Groups of digits that form a number: 06 12 34 56 78, +33 (0)6 12 34 56 78, 2026-09-01, 1 000 000. */
const groups = /(?<![\p{L}\p{N}])(?:\+\p{Nd}{4,}|\(?\+?\p{Nd}+(?:\)?[ \u00a0\u2009\u202f.\u2011/-]\(?\p{Nd}+|[()]\p{Nd}+)+\)?)(?![\p{L}\p{N}])/gu

/**
 * Finds numbers whose groups would be displayed in reverse order in right-to-left text. Not possible ranges of two
 * numbers such as "2025-2026", which follow the order of their line.
 */
export function splitNumbers(text: string): NumberPart[] {
  const parts: NumberPart[] = []
  let end = 0
  for (const { 0: number, index } of text.matchAll(groups)) {
    if (!isOneNumber(number)) continue
    if (index > end) parts.push({ kind: 'text', text: text.slice(end, index) })
    parts.push({ kind: 'number', text: number })
    end = index + number.length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

function isOneNumber(text: string): boolean {
  const digits = text.match(/\p{Nd}+/gu) ?? []
  const isLong = digits.join('').length >= 6
  // A phone number begins with + or 0 (E.164); otherwise three groups are one number, and so are thousands.
  if (/^\(?[+0٠۰]/.test(text)) return isLong
  return (digits.length > 2 && digits.every((group) => group.length > 1)) || /^\p{Nd}{1,3}(?:[ \u00a0\u202f]\p{Nd}{3})+$/u.test(text)
}
