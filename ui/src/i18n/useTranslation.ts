import type { i18n as Instance, TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'
import { i18n } from './i18n'

interface Translation {
  t: TFunction
  i18n: Instance
}

type Look = (key: string, options?: object) => string

// One for all components: react-i18next creates one for each, which was a fifth of the rendering of a list of messages.
let current: { language: string; translation: Translation } | null = null

/** The texts in the current language, from our own instance: a page around the chat may have another one. */
export function useTranslation(): Translation {
  return useSyncExternalStore(subscribe, translation, translation)
}

// i18next searches all listeners for the one to remove, and a jump in the list removes hundreds.
const listeners = new Set<() => void>()
i18n.on('languageChanged', () => {
  for (const listener of [...listeners]) listener()
})

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange)
  return () => {
    listeners.delete(onChange)
  }
}

function translation(): Translation {
  const { language } = i18n
  if (current?.language !== language) current = { language, translation: { t: remembering(i18n.getFixedT(language) as Look), i18n } }
  return current.translation
}

/** Far more than a screen needs. */
const remembered = 1000

/** Interpolated texts are cached: every bubble and every line needs the same few. */
function remembering(look: Look): TFunction {
  const known = new Map<string, string>()
  const t = (key: string, options?: object): string => {
    const asked = options ? key + JSON.stringify(options) : key
    const before = known.get(asked)
    if (before !== undefined) return before
    if (known.size >= remembered) known.clear()
    const text = look(key, options)
    known.set(asked, text)
    return text
  }
  return t as TFunction
}
