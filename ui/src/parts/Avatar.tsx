import { Users } from 'lucide-react'
import { initialOf } from '../lib/text'

interface AvatarProps {
  id: number
  name: string
  isGroup?: boolean
  size?: 'small' | 'medium'
}

const colours = 8

/** The same number always gets the same colour. */
export function colourOf(id: number): string {
  return `person-colour-${id % colours}`
}

/** Decoration beside a name, hidden from screen readers. */
export function Avatar({ id, name, isGroup = false, size = 'medium' }: AvatarProps) {
  return (
    <span className={`avatar avatar-${size} ${colourOf(id)}`} aria-hidden="true">
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
