import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readStored, writeStored } from '../lib/storage'
import { en } from './en'
import { fr } from './fr'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof fr }
  }
}

/** Each language under the name that its speakers give it. */
export const languages = { fr: 'Français', en: 'English' } as const
export type Language = keyof typeof languages

const storageKey = 'messagerie.language'

/** French until someone says otherwise: `startLanguage`, or the menu. */
void i18next.use(initReactI18next).init({
  lng: 'fr',
  fallbackLng: 'fr',
  resources: { fr: { translation: fr }, en: { translation: en } },
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
})

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text)
}

/** What was chosen in the menu, else the account's locale, else the browser's, else French. */
export function startLanguage(locale = ''): void {
  const wanted = [readStored(storageKey) ?? '', locale, ...navigator.languages]
  applyLanguage(wanted.map((text) => text.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'fr')
}

export function chooseLanguage(language: Language): void {
  writeStored(storageKey, language)
  applyLanguage(language)
}

function applyLanguage(language: Language): void {
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
