import { directionOf, runsOf, splitNumbers } from './direction'

test.each([
  ['Bonjour', 'ltr'],
  ['مرحبا', 'rtl'],
  ['12:30 שלום', 'rtl'],
  ['👍 … 12:30', null],
  ['٣ 5', null],
  ['\u200f…', 'rtl'],
])('%j runs %s', (text, direction) => {
  expect(directionOf(text)).toBe(direction)
})

test('a text of one direction is one run', () => {
  expect(runsOf('Un\n\ndeux')).toEqual([{ direction: 'ltr', text: 'Un\n\ndeux' }])
  expect(runsOf('مرحبا\nبكم')).toEqual([{ direction: 'rtl', text: 'مرحبا\nبكم' }])
  expect(runsOf('12:30\n👍')).toEqual([{ direction: null, text: '12:30\n👍' }])
  expect(runsOf('')).toEqual([{ direction: null, text: '' }])
})

test('each line has the direction of its first letter, one without letters that of the line before', () => {
  expect(runsOf('1.\nBonjour مرحبا\nمرحبا Bonjour\n\n12:30\nMerci\n👍')).toEqual([
    { direction: 'ltr', text: '1.\nBonjour مرحبا\n' },
    { direction: 'rtl', text: 'مرحبا Bonjour\n\n12:30\n' },
    { direction: 'ltr', text: 'Merci\n👍' },
  ])
})

test.each([
  ['06 12 34 56 78', ['06 12 34 56 78']],
  ['(06 12 34 56 78)', ['(06 12 34 56 78)']],
  ['+33 (0)6 12 34 56 78, 0612345678', ['+33 (0)6 12 34 56 78']],
  ['+33612345678', ['+33612345678']],
  ['01.23.45.67.89/01-23-45-67-89', ['01.23.45.67.89/01-23-45-67-89']],
  ['٠٦ ١٢ ٣٤ ٥٦', ['٠٦ ١٢ ٣٤ ٥٦']],
  ['2026-09-01 et 1\u202f000\u202f000', ['2026-09-01', '1\u202f000\u202f000']],
  ['2025-2026, 10 - 12, 08.00 - 10.00, 8:00', []],
  ['1 2 3, 14 h 30, 6e 5 B2, 12', []],
])('of %j the numbers %j keep their order', (text, numbers) => {
  const parts = splitNumbers(text)
  expect(parts.flatMap((part) => (part.kind === 'number' ? [part.text] : []))).toEqual(numbers)
  expect(parts.map((part) => part.text).join('')).toBe(text)
})
