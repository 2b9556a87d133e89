import type { TFunction } from 'i18next'
import { i18n, type Language } from './i18n'
import { useTranslation } from './useTranslation'

/** Texts that are loaded with the pages that show them, in all languages, because those who load them are few. */
export type Namespace = 'admin' | 'emoji' | 'files' | 'help' | 'message' | 'provider' | 'rules' | 'schedule' | 'security' | 'welcome'

/** Registers them and returns a hook for them, like useTranslation, and a function for those of another language than the page's. */
export function ownTexts<N extends Namespace>(name: N, texts: Record<Language, object>) {
  const translators = {} as Record<string, TFunction<N>>
  for (const [language, bundle] of Object.entries(texts)) {
    i18n.add(language, bundle, name)
    translators[language] = i18n.textsIn(language, name)
  }
  const textsIn = (language: Language) => translators[language] as TFunction<N>
  const useTexts = () => textsIn(useTranslation().i18n.language as Language)
  return [useTexts, textsIn] as const
}
