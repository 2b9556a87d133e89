import type { TFunction } from 'i18next'
import { listFormat } from '../../i18n/formats'
import { hasRightToLeft } from '../../lib/direction'

/** An emoji below a bubble. */
export interface ReactionChip {
  emoji: string
  count: number
  isOwn: boolean
  /** Of some of those who are known. */
  names: string[]
}

/** The reactions to a message, and what the user may do with them. */
export interface BubbleReactions {
  chips: readonly ReactionChip[]
  mayReact: boolean
  isOffline: boolean
  onReact: (emoji: string, adds: boolean) => void
}

/** Who has reacted, and how many others. */
export function nameList(t: TFunction, language: string, { names, count }: ReactionChip): string {
  const others = count - names.length
  const all = others > 0 ? [...names, t('reaction.others', { count: others })] : names
  // Two Arabic names between French ones would be swapped.
  const isMixed = all.some(hasRightToLeft) && !all.every(hasRightToLeft)
  return listFormat(language).format(isMixed ? all.map((name) => `\u2068${name}\u2069`) : all)
}
