import type { CodeAudience } from '../../actions/rosterAction'
import type { Id, User } from '../../protocol/resources'

export const ways = ['byClass', 'byRole', 'bySelection'] as const

/** What is chosen in AudienceFields. */
export interface Chosen {
  way: (typeof ways)[number]
  classId: Id | null
  role: string
  people: User[]
}

export const nobodyChosen: Chosen = { way: 'byClass', classId: null, role: '', people: [] }

/** Null as long as something is missing. */
export function audienceOf({ way, classId, role, people }: Chosen): CodeAudience | null {
  switch (way) {
    case 'byClass':
      return classId === null ? null : { class_id: classId, ...(role ? { role } : {}) }
    case 'byRole':
      return { role: role || 'student' }
    case 'bySelection':
      return people.length === 0 ? null : { users: people.map(({ id }) => id) }
  }
}
