import type { Plugin } from 'vite'
import { withFrenchSpacesInTexts } from './src/i18n/typography'

/** The French texts are written with common spaces, as tests look for them; the built ones have those at which no line breaks. */
export const frenchSpaces: Plugin = {
  name: 'french-spaces',
  enforce: 'pre',
  transform: (code, id) => (/\/src\/i18n\/(\w+\/)?fr\w*\.ts$/.test(id) ? { code: withFrenchSpacesInTexts(code), map: null } : null),
}
