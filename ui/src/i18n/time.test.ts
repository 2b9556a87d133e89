import { whenText } from './schedule/whenText'
import { fullText, localeOf } from './time'

const afternoon = new Date(2026, 8, 1, 14, 4)

test.each([
  ['en', ['en-GB', 'fr-FR'], '14:04', '01/09/26'],
  ['en', ['en-US', 'en-GB'], '2:04 PM', '09/01/26'],
  ['en', ['fr-FR', 'en-AU'], '2:04 pm', '01/09/26'],
  ['en', ['fr-FR', 'fr', 'en'], '14:04', '01/09/26'],
  ['en', ['en-US@posix', 'en-GB'], '14:04', '01/09/26'],
  ['en', [], '2:04 PM', '09/01/26'],
  ['fr', ['fr-FR'], '14:04', '01/09/26'],
  ['fr', ['en-US'], '14:04', '01/09/26'],
  ['fr', ['fr-CA'], '14 h 04', '26-09-01'],
  ['ar', ['ar-MA'], '14:04', '01/09/26'],
  ['ar', ['ar-EG', 'fr-FR'], '2:04 م', '01/09/26'],
  ['ar', ['fr-FR'], '2:04 م', '01/09/26'],
])('%s in a browser that prefers %j writes %s', (language, preferred, hour, date) => {
  const locale = localeOf(language, preferred)
  // Without the marks of direction, and with plain spaces.
  const plain = (text: string) => text.replace(/\u200f/g, '').replace(/\s/g, ' ')
  const written = (options: Intl.DateTimeFormatOptions) => plain(new Intl.DateTimeFormat(locale, options).format(afternoon))
  expect(written({ timeStyle: 'short' })).toBe(hour)
  expect(written({ day: '2-digit', month: '2-digit', year: '2-digit' })).toBe(date)
})

test('the first of a month is "1er" in French, and only there', () => {
  const [today, first, eleventh] = [new Date(2026, 10, 2, 8), new Date(2026, 11, 1, 7, 30), new Date(2026, 11, 11, 7, 30)]
  expect(fullText('fr', first)).toMatch(/^mardi 1er décembre 2026/)
  expect(fullText('fr', eleventh)).toMatch(/^vendredi 11 décembre 2026/)
  expect(fullText('en', first)).not.toContain('1er')
  expect(whenText('fr', first, undefined, today)).toContain('mardi 1er décembre')
})
