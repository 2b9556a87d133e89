import { fullName } from '../../i18n/personName'
import { indexOf, matcherOf } from '../../lib/searchText'
import type { Id, User } from '../../protocol/resources'

/** The server's limit. */
const most = 50
const mostOffered = 8

/** The people that a text mentions. */
export type MentionsIn = (content: string) => Id[]

/**
 * The people whose names are in a text after "@". Of several with one name those who were chosen from the list, if any
 * were.
 */
export function mentionsIn(content: string, people: readonly User[], chosen: ReadonlySet<Id>): Id[] {
  const byName = new Map<string, User[]>()
  for (const person of people) byName.set(`@${fullName(person)}`, [...(byName.get(`@${fullName(person)}`) ?? []), person])
  // A name may begin another one.
  const names = [...byName.keys()].sort((a, b) => b.length - a.length)
  let rest = content
  const found: Id[] = []
  for (const name of names) {
    const without = rest.split(name).reduce((before, after) => before + (/^[\p{L}\p{N}]/u.test(after) ? name : '\n') + after)
    if (without === rest) continue
    rest = without
    const all = byName.get(name) ?? []
    const meant = all.filter(({ id }) => chosen.has(id))
    found.push(...(meant.length > 0 ? meant : all).map(({ id }) => id))
  }
  return found.slice(0, most)
}

/** What is being typed after "@", up to the caret. */
export interface Asked {
  /** Of the "@". */
  start: number
  query: string
}

const beginning = /(?<=^|[\s([{«"“'‘’])@([^@\n]{0,60})$/u

export function askedAt(text: string, caret: number): Asked | null {
  const found = beginning.exec(text.slice(0, caret))
  return found ? { start: found.index, query: found[1] ?? '' } : null
}

/** The people to offer; none once a name is complete. */
export function offered(query: string, people: readonly User[]): User[] {
  if (people.some((person) => query.startsWith(`${fullName(person)} `))) return []
  const matches = matcherOf(query)
  return people.filter((person) => matches(indexOf(fullName(person)))).slice(0, mostOffered)
}
