import { readStored, writeStored } from '../lib/storage'
import { fr } from './fr'
import { Translator } from './translator'

/** The languages, with their own names. */
export const languages = { fr: 'Français', en: 'English', ar: 'العربية' } as const
export type Language = keyof typeof languages

const storageKey = 'messagerie.language'

/** French is always loaded: it is the source, and the fallback if a file can't be fetched. */
const loaders = {
  fr: () => Promise.resolve(fr),
  en: () => import('./en').then((file) => file.en),
  ar: () => import('./ar').then((file) => file.ar),
}

/** French until a language is chosen. */
export const i18n = new Translator()
i18n.add('fr', fr)

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text)
}

/** The language chosen in the menu, else the account's locale, else the browser's, else French. */
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
 * Loads a language and switches to it; if its file can't be fetched, the current one stays.
 * Await it before the first render, so that no other language is shown first.
 */
export async function setLanguage(language: Language): Promise<void> {
  wantedLast = language
  // A slow file doesn't override a later choice.
  if ((await loadLanguage(language)) && wantedLast === language) i18n.change(language)
}

/** Returns whether its texts are there. */
export async function loadLanguage(language: Language): Promise<boolean> {
  if (!i18n.isLoaded(language)) {
    const texts = await loaders[language]().catch(() => null)
    if (!texts) return false
    i18n.add(language, texts)
  }
  return true
}
