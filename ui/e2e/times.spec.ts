import { expect, test } from './test'

// The emulated browser's locale gives the region; the page is in English in both.
for (const [locale, hour] of [
  ['en-GB', /^([01]\d|2[0-3]):[0-5]\d$/],
  ['en-US', /^(1[0-2]|[1-9]):[0-5]\d\s[AP]M$/],
] as const) {
  test.describe(`an English reader with a browser of ${locale}`, () => {
    test.use({ locale, language: 'en' })

    test('sees times as they are written there', { tag: '@desktop' }, async ({ enter }) => {
      const claire = await enter('claire.martin')
      await claire.open('Jérôme Lefèvre')
      await claire.write('What time is it?')
      await expect(claire.message('What time is it?').locator('time')).toHaveText(hour)
      await expect(claire.line('Jérôme Lefèvre').locator('time')).toHaveText(hour)
    })
  })
}
