import { Users } from 'lucide-react'

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

/** Decoration beside a name: screen readers hear the name only. */
export function Avatar({ id, name, isGroup = false, size = 'medium' }: AvatarProps) {
  return (
    <span className={`avatar avatar-${size} ${colourOf(id)}`} aria-hidden="true">
      {isGroup ? <Users size={size === 'small' ? 14 : 20} /> : initials(name)}
    </span>
  )
}

function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean)
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : '']
  return (Array.from(first)[0] ?? '?').toUpperCase() + (Array.from(last)[0] ?? '').toUpperCase()
}
