import type { SameKeys } from '../translation'
import type { fr } from './fr'

export const en: SameKeys<typeof fr> = {
  title: 'Emoji',
  search: 'Search for an emoji',
  recent: 'Recent',
  loading: 'Loading the emoji…',
  failed: 'The emoji couldn’t be loaded.',
  retry: 'Try again',
  close: 'Close',
  none: 'No emoji for “{{query}}”',
  tone: {
    label: 'Skin tone',
    none: 'Default colour',
    light: 'Light skin tone',
    mediumLight: 'Medium-light skin tone',
    medium: 'Medium skin tone',
    mediumDark: 'Medium-dark skin tone',
    dark: 'Dark skin tone',
  },
  group: {
    smileys: 'Smileys and emotions',
    people: 'People and gestures',
    animals: 'Animals and nature',
    food: 'Food and drink',
    travel: 'Travel and places',
    activities: 'Activities',
    objects: 'Objects',
    symbols: 'Symbols',
    flags: 'Flags',
  },
}
