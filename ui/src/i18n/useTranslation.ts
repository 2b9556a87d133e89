import type { i18n as Instance, TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'
import { i18n } from './i18n'

interface Translation {
  t: TFunction
  i18n: Instance
}

type Look = (key: string, options?: object) => string

// One for all parts: react-i18next makes one for each, which for a list of messages was a fifth of its rendering.
let current: { language: string; translation: Translation } | null = null

/** The texts in the language in use, from an instance of our own: a page around the chat may have another. */
export function useTranslation(): Translation {
  return useSyncExternalStore(subscribe, translation, translation)
}

// i18next looks through all listeners for the one that goes: a leap down the list takes away hundreds.
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

/** Far more than a screen asks for. */
const remembered = 1000

/** A text is put together once: every bubble and every line asks for the same few. */
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
