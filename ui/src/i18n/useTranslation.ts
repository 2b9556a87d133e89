import type { TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'
import { i18n } from './i18n'
import type { Translator } from './translator'

interface Translation {
  t: TFunction
  i18n: Translator
}

/** The texts in the current language. */
export function useTranslation(): Translation {
  const language = useSyncExternalStore(i18n.onChange, current, current)
  return { t: i18n.textsIn(language), i18n }
}

function current(): string {
  return i18n.language
}
