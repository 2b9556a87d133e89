import type { EmojiData, SkinTone } from 'frimousse'
import type { Language } from '../../i18n/i18n'
import { wordsOf } from '../../lib/searchText'
import { isShown } from './isShown'

/** Fully qualified, as the server stores them; with the group and the version of Unicode, and in each skin tone. */
type Entry = [emoji: string, group: number, version: number, ...tones: string[]]

const loaders: Record<Language, () => Promise<{ default: string[] }>> = {
  fr: () => import('./data/fr.json'),
  en: () => import('./data/en.json'),
  ar: () => import('./data/ar.json'),
}

export const tones = ['none', 'light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const satisfies readonly SkinTone[]
type Tone = Exclude<(typeof tones)[number], 'none'>

/** The key of each group's name; Unicode's group 2 has only parts of emoji. */
export const groups = { smileys: 0, people: 1, animals: 3, food: 4, travel: 5, activities: 6, objects: 7, symbols: 8, flags: 9 } as const
export type Group = keyof typeof groups

/** The emoji that this device can show, with their names; `nameOf` knows those in a skin tone as well. */
export interface Emojis {
  data: Omit<EmojiData, 'categories' | 'skinTones'>
  nameOf: (emoji: string) => string | undefined
}

/** Rejects if the files can't be fetched. */
export async function loadEmojis(language: Language): Promise<Emojis> {
  const [{ default: list }, { default: names }] = await Promise.all([import('./data/emoji.json'), loaders[language]()])
  const entries = list as Entry[]
  const newest = newestShown(entries)
  const hasFlags = isShown('🇫🇷')
  const byEmoji = new Map<string, string>()
  const emojis = entries.flatMap(([emoji, category, version, ...skins], index) => {
    const [label = '', ...tags] = names[index]?.split('|') ?? []
    if (version > newest || (!hasFlags && /^\p{Regional_Indicator}/u.test(emoji))) return []
    for (const one of [emoji, ...skins]) byEmoji.set(one, label)
    // Frimousse compares letters as they are.
    const folded = wordsOf([label, ...tags].join(' ')).join(' ')
    return { emoji, category, version, label, tags: [...tags, folded], ...(skins.length > 0 ? { skins: inTones(skins) } : {}) }
  })
  return { data: { locale: language, emojis }, nameOf: (emoji) => byEmoji.get(emoji) }
}

function inTones(skins: string[]): Record<Tone, string> {
  return Object.fromEntries(skins.map((skin, index) => [tones[index + 1], skin])) as Record<Tone, string>
}

/** The newest version of Unicode of which the device shows the first emoji; the last one is a flag, which fonts make of letters. */
function newestShown(entries: readonly Entry[]): number {
  const samples = new Map([...entries].reverse().map(([emoji, , version]) => [version, emoji]))
  const versions = [...samples.keys()].sort((a, b) => b - a)
  return versions.find((version) => isShown(samples.get(version) ?? '')) ?? Infinity
}
