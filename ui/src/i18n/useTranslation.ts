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
  if (current?.language !== language) current = { language, translation: { t: remembering(i18n.getFixedT(language) as (key: string, options?: object) => string), i18n } }
  return current.translation
}

/** A text into which nothing is put is looked up once: every bubble and every line asks for the same few. */
function remembering(look: (key: string, options?: object) => string): TFunction {
  const known = new Map<string, string>()
  const t = (key: string, options?: object): string => {
    if (options) return look(key, options)
    const text = known.get(key) ?? look(key)
    known.set(key, text)
    return text
  }
  return t as TFunction
}
