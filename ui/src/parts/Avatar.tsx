import { Users } from 'lucide-react'
import { initialOf } from '../lib/text'
import { colourOf } from './personColour'

interface AvatarProps {
  id: number
  name: string
  isGroup?: boolean
  /** Instead of the id's: `colourAmong`. */
  colour?: string | undefined
  size?: 'small' | 'medium'
}

/** Decoration beside a name, hidden from screen readers. */
export function Avatar({ id, name, isGroup = false, colour = colourOf(id), size = 'medium' }: AvatarProps) {
  return (
    <span className={`avatar avatar-${size} ${colour}`} aria-hidden="true">
      {isGroup ? <Users size={size === 'small' ? 14 : 20} /> : initials(name)}
    </span>
  )
}

/** The initials of the first and the last word; a non-joiner keeps Arabic letters from joining. */
function initials(name: string): string {
  const letters = name.split(/[\s-]+/).map(initialOf).filter(Boolean)
  const [first = '?'] = letters
  return (letters.length > 1 ? `${first}\u200c${letters.at(-1) ?? ''}` : first).toUpperCase()
}
