/** Letters of scripts that run from right to left: the blocks that Unicode keeps for them (DerivedBidiClass.txt). */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
export function hasRightToLeft(text: string): boolean {
  return rightToLeft.test(text)
}

/** What decides how a line runs; the numbers within those blocks don't. */
const strong = /[\p{L}\u061c\u200e\u200f]/u

export type Direction = 'ltr' | 'rtl'

/** Lines that follow each other and run the same way; null where no letter says which. */
export interface Run {
  direction: Direction | null
  text: string
}

/** Each line runs as its first letter does, one without letters as the one before it. */
export function runsOf(text: string): Run[] {
  const first = directionOf(text)
  // Most texts are of one script.
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

/** Of the first letter, as `dir="auto"` finds it; null where there is none. */
export function directionOf(text: string): Direction | null {
  const letter = strong.exec(text)?.[0]
  return letter === undefined ? null : rightToLeft.test(letter) ? 'rtl' : 'ltr'
}

export type NumberPart = { kind: 'text'; text: string } | { kind: 'number'; text: string }

/** Groups of digits as a number is written: 06 12 34 56 78, +33 (0)6 12 34 56 78, 2026-09-01, 1 000 000. */
const groups = /(?<![\p{L}\p{N}])(?:\+\p{Nd}{4,}|\(?\+?\p{Nd}+(?:\)?[ \u00a0\u2009\u202f.\u2011/-]\(?\p{Nd}+|[()]\p{Nd}+)+\)?)(?![\p{L}\p{N}])/gu

/**
 * Numbers whose groups would stand in reverse order among letters that run from right to left. Not what may as well be
 * two numbers, "2025-2026": that one reads in the order of its line.
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
  // A telephone number begins with + or 0 (E.164); else three groups make one, or thousands.
  if (/^\(?[+0٠۰]/.test(text)) return isLong
  return (digits.length > 2 && digits.every((group) => group.length > 1)) || /^\p{Nd}{1,3}(?:[ \u00a0\u202f]\p{Nd}{3})+$/u.test(text)
}
