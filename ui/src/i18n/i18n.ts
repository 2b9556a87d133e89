import { createInstance, type i18n as Instance } from 'i18next'
import { readStored, writeStored } from '../lib/storage'
import { fr } from './fr'

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

/** French until someone says otherwise. An instance of its own: the default one is the host's. */
export const i18n: Instance = createInstance()
void i18n.init({
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
  await setLanguage(wanted.map((text) => text.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'fr')
}

export async function chooseLanguage(language: Language): Promise<void> {
  writeStored(storageKey, language)
  await setLanguage(language)
}

let wantedLast: Language = 'fr'

/**
 * Loads a language and shows it; where its file doesn't come, the present one stays.
 * Awaited before the first render, no other is seen first.
 */
export async function setLanguage(language: Language): Promise<void> {
  wantedLast = language
  if (!i18n.hasResourceBundle(language, 'translation')) {
    const texts = await loaders[language]().catch(() => null)
    if (!texts) return
    i18n.addResourceBundle(language, 'translation', texts)
  }
  // A slow file doesn't undo a choice that was made meanwhile.
  if (wantedLast !== language) return
  await i18n.changeLanguage(language)
}
