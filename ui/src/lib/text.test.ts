import { readFileSync } from 'node:fs'
import { excerpt, fitting, initialOf, isBlank, isFewEmoji, oneLine } from './text'

interface Cases {
  blank: string[]
  seen: string[]
  lines: [string, string][]
}

/** The server's test reads the same cases. */
const cases = JSON.parse(readFileSync('../hooks/text/testdata/text.json', 'utf8')) as Cases

test.each(cases.blank)('%j is blank', (text) => {
  expect(isBlank(text)).toBe(true)
})
test.each(cases.seen)('%j is seen', (text) => {
  expect(isBlank(text)).toBe(false)
})
test.each(cases.lines)('%j becomes the name %j', (text, line) => {
  expect(oneLine(text)).toBe(line)
})

const family = '👨‍👩‍👧'
const excerpts: [string, number, string][] = [
  ['Bonjour', 7, 'Bonjour'],
  ['Bonjour', 6, 'Bonjou…'],
  [`ab${family}`, 10, `ab${family}`],
  [`ab${family}`, 9, 'ab…'],
  ['a😀b', 2, 'a…'],
  ['abe\u0301d', 3, 'ab…'],
  ['a🇫🇷🇧🇪b', 7, 'a🇫🇷…'],
  ['un deux', 3, 'un…'],
  [family, 4, '👨‍…'],
  [family, 1, '…'],
  ['a\u202eb\u2067c', 3, 'abc'],
]

test.each(excerpts)('%j within %i is %j', (text, most, cut) => {
  expect(excerpt(text, most)).toBe(cut)
})

test.each([
  ['😀'.repeat(200), '😀'.repeat(200)],
  ['😀'.repeat(201), '😀'.repeat(200)],
  [`${'a'.repeat(197)}${family}`, 'a'.repeat(197)],
  [`${'a'.repeat(195)}${family}b`, `${'a'.repeat(195)}${family}`],
])('a title of %j', (text, title) => {
  expect(fitting(text, 200)).toBe(title)
})

test('a text with many stacked marks isn’t cut to nothing', () => {
  expect(excerpt(`e${'\u0301'.repeat(9_000)}`, 200)).toHaveLength(201)
})

test.each([
  ['Claire', 'C'],
  ['élodie', 'é'],
  ['e\u0301lodie', 'e\u0301'],
  ['👩‍🏫 Martin', '👩‍🏫'],
  ['🇫🇷', '🇫🇷'],
  ['\u0301\u200bA', 'A'],
  ['(Marie)', 'M'],
  ['فاطمة', 'ف'],
  ['--', ''],
])('%j begins with %j', (word, initial) => {
  expect(initialOf(word)).toBe(initial)
})

test('if the browser can’t segment characters, the most common ones are still kept whole', async () => {
  const { Segmenter } = Intl
  Reflect.deleteProperty(Intl, 'Segmenter')
  try {
    await jest.isolateModulesAsync(async () => {
      const without = await import('./text')
      for (const [text, most, cut] of excerpts) expect(without.excerpt(text, most)).toBe(cut)
      expect(without.initialOf('👩‍🏫 Martin')).toBe('👩‍🏫')
    })
  } finally {
    Object.assign(Intl, { Segmenter })
  }
})

test.each(['👍', '❤️', '👍🏽 🎉', '👨‍👩‍👧🇫🇷1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'])('%j is a few emoji', (text) => {
  expect(isFewEmoji(text)).toBe(true)
})
test.each(['', ' ', '1', '12', '#', '©', '👍👍👍👍', 'Merci 👍', '👍.'])('%j isn’t a few emoji', (text) => {
  expect(isFewEmoji(text)).toBe(false)
})
