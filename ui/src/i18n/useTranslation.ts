import type { i18n as Instance, TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'
import { i18n } from './i18n'

interface Translation {
  t: TFunction
  i18n: Instance
}

// One for all parts: react-i18next makes one for each, which for a list of messages was a fifth of its rendering.
let current: { language: string; translation: Translation } | null = null

/** The texts in the language in use, from an instance of our own: a page around the chat may have another. */
export function useTranslation(): Translation {
  return useSyncExternalStore(subscribe, translation, translation)
}

function subscribe(onChange: () => void): () => void {
  i18n.on('languageChanged', onChange)
  return () => {
    i18n.off('languageChanged', onChange)
  }
}

function translation(): Translation {
  const { language } = i18n
  if (current?.language !== language) current = { language, translation: { t: i18n.getFixedT(language), i18n } }
  return current.translation
}
