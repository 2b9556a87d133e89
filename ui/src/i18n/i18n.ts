import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readStored, writeStored } from '../lib/storage'
import { fr } from './fr'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof fr }
  }
}

/** Each language under the name that its speakers give it. */
export const languages = { fr: 'Français', en: 'English', ar: 'العربية' } as const
export type Language = keyof typeof languages

const storageKey = 'messagerie.language'

/** French is there from the start: it is the source, and what is said when a file doesn't come. */
const loaders = {
  fr: () => Promise.resolve(fr),
  en: () => import('./en').then((file) => file.en),
  ar: () => import('./ar').then((file) => file.ar),
}

/** French until someone says otherwise: `startLanguage`, or the menu. */
void i18next.use(initReactI18next).init({
  lng: 'fr',
  fallbackLng: 'fr',
  resources: { fr: { translation: fr } },
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
})

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text)
}

/** What was chosen in the menu, else the account's locale, else the browser's, else French. */
export async function startLanguage(locale = ''): Promise<void> {
  const wanted = [readStored(storageKey) ?? '', locale, ...navigator.languages]
  await applyLanguage(wanted.map((text) => text.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'fr')
}

export async function chooseLanguage(language: Language): Promise<void> {
  writeStored(storageKey, language)
  await applyLanguage(language)
}

let wantedLast: Language = 'fr'

async function applyLanguage(language: Language): Promise<void> {
  wantedLast = language
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const texts = await loaders[language]().catch(() => null)
    if (!texts) return
    i18next.addResourceBundle(language, 'translation', texts)
  }
  // A slow file doesn't undo a choice that was made meanwhile.
  if (wantedLast !== language) return
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
  await i18next.changeLanguage(language)
}
