import { hasRightToLeft } from '../lib/direction'
import type { Child, Relation, SchoolClass, User } from '../protocol/resources'
import { listFormat } from './formats'
import { i18n } from './i18n'
import { fullName } from './personName'

type Described = Pick<User, 'role' | 'classes' | 'children'>

/** How many classes, and children, a short description names; one more isn't worth "and 1 other". */
const mostNamed = 3

/**
 * Who somebody is at the school, to be shown beside their name: "Élève de 5e B", "Mère de Yasmine et Adam Benali
 * (5e B, CM1)". The role alone if the viewer may not see more. Long lists are shortened, unless `isWhole`. The texts
 * of another language than the page's have to be loaded.
 */
export function personDescription({ role, classes = [], children = [] }: Described, isWhole = false, lng = i18n.language): string {
  const most = isWhole ? Infinity : mostNamed
  const taught = role === 'student' ? [] : classes
  const heads = taught.filter(({ head }) => head)
  const others = taught.filter(({ head }) => !head)
  const parts = [
    phrase('student', classList(role === 'student' ? classes : [], most, lng), lng),
    phrase('head', classList(heads, most, lng), lng),
    phrase('teacher', classList(others, most, lng), lng),
    ...byRelation(children).map(([relation, group]) => phrase(relation, childList(group, most, lng), lng)),
  ].filter(Boolean)
  // What a teacher teaches, and whose parent somebody is, says their role as well.
  const isSaid = parts.length > 0 && ['student', 'teacher', 'parent'].includes(role)
  return (isSaid ? parts : [i18n.textsIn(lng)(`role.${role}`), ...parts]).join(' · ')
}

/** The name, with who it is if somebody else among these people has the same. */
export function nameAmong(person: User, people: readonly User[]): string {
  const name = fullName(person)
  if (!sharedNames(people).has(spelling(name))) return name
  return i18n.t('person.namesake', { name: isolated(name, i18n.language), description: personDescription(person) })
}

/** Cached, because in a large group each bubble asks for it. */
const knownShared = new WeakMap<readonly User[], Set<string>>()

function sharedNames(people: readonly User[]): Set<string> {
  let shared = knownShared.get(people)
  if (!shared) {
    const first = new Map<string, number>()
    shared = new Set()
    for (const person of people) {
      const name = spelling(fullName(person))
      if ((first.get(name) ?? person.id) !== person.id) shared.add(name)
      first.set(name, person.id)
    }
    knownShared.set(people, shared)
  }
  return shared
}

function spelling(name: string): string {
  return name.toLowerCase().normalize('NFC')
}

type Phrase = 'student' | 'head' | 'teacher' | Relation | 'parent'

function phrase(kind: Phrase, names: string, lng: string): string {
  if (!names) return ''
  const text = i18n.textsIn(lng)(`person.${kind}`, { names })
  return lng === 'fr' && isElided(names) ? text.replace(`de ${names}`, () => `d’${names}`) : text
}

/** Whether a French "de" before it becomes "d’": "d’Adam", "d’Yves", but "de Yasmine". */
function isElided(names: string): boolean {
  return /^(?:[aeiouœæ]|y(?![aeiou]))/i.test(names.normalize('NFD'))
}

function byRelation(children: readonly Child[]): [Relation | 'parent', Child[]][] {
  const groups = new Map<Relation | 'parent', Child[]>()
  for (const child of children) {
    const relation = child.relation ?? 'parent'
    groups.set(relation, [...(groups.get(relation) ?? []), child])
  }
  return [...groups]
}

function classList(classes: readonly SchoolClass[], most: number, lng: string): string {
  const [named, further] = shortened(classes, most)
  return listed([...named.map((one) => className(one, lng)), ...(further > 0 ? [i18n.textsIn(lng)('person.moreClasses', { count: further })] : [])], lng)
}

/** Children of one family name share it: "Yasmine et Adam Benali (5e B, CM1)". */
function childList(children: readonly Child[], most: number, lng: string): string {
  const [named, further] = shortened(children, most)
  const [{ last_name: family = '' } = {}] = named
  const isFamily = family !== '' && named.every((child) => child.last_name === family && child.first_name !== '')
  const full = (child: Child) => isolated(fullName({ ...child, email: '' }), lng)
  const names = isFamily
    ? [inClasses(listed(named.map((child, index) => (index < named.length - 1 ? isolated(child.first_name, lng) : full(child))), lng), named, lng)]
    : named.map((child) => inClasses(full(child), [child], lng))
  return listed([...names, ...(further > 0 ? [i18n.textsIn(lng)('person.moreChildren', { count: further })] : [])], lng)
}

function inClasses(names: string, children: readonly Child[], lng: string): string {
  const classes = new Set(children.flatMap((child) => child.classes ?? []).map((one) => className(one, lng)))
  return classes.size === 0 ? names : `${names} (${[...classes].join(i18n.textsIn(lng)('person.comma'))})`
}

function shortened<T>(all: readonly T[], most: number): [named: readonly T[], further: number] {
  return all.length <= most + 1 ? [all, 0] : [all.slice(0, most), all.length - most]
}

function listed(names: readonly string[], lng: string): string {
  return names.length > 1 ? listFormat(lng).format(names) : (names[0] ?? '')
}

/** On one line: "5e B" is one name. */
function className({ name }: SchoolClass, lng: string): string {
  return isolated(name.replaceAll(' ', '\u00a0'), lng)
}

/** A name in another direction than the text doesn't turn what is around it. */
function isolated(name: string, lng: string): string {
  return hasRightToLeft(name) === (i18n.dir(lng) === 'rtl') ? name : `\u2068${name}\u2069`
}
