import { type Guard, isArrayOf, isNullOr, isNumber, isOneOf, isShape, isString } from './decode'
import { type Id, type Role, roles, type Timestamp, type Weekday, weekdays } from './resources'

/* Who may write to whom in an establishment, and when, as its administration sees it. */

/** What people of one role may do with those of another, each what those before it allow. */
export const contactRules = ['never', 'supervised', 'reply', 'class', 'always'] as const
export type ContactRule = (typeof contactRules)[number]

export interface RolePair {
  from_role: Role
  to_role: Role
}

export interface PairRule extends RolePair {
  rule: ContactRule
  default_rule: ContactRule
}

/** A time in which people of some roles can't write. */
export interface Pause {
  id: Id
  roles: Role[]
  /** What they read. */
  text: string
  from: Timestamp
  /** Null: until it is lifted. */
  until: Timestamp | null
}

/** A holiday. Days are such as "2026-12-19", both included. */
export interface Closure {
  id: Id
  name: string
  first_day: string
  last_day: string
}

export interface Rules {
  contacts: 'rules' | 'open'
  /** All 25, row by row in the order of `roles`. */
  contact_rules: PairRule[]
  /** "never", or an age such as "16". */
  guardians_join: string
  /** Current and coming ones. */
  pauses: Pause[]
  quiet: 'off' | 'defer'
  quiet_from: string
  quiet_to: string
  quiet_days: Weekday[]
  quiet_roles: Role[]
  urgent_roles: Role[]
  closures: Closure[]
}

/** What is absent stays as it is. */
export type RulesChange = Partial<Omit<Rules, 'contact_rules' | 'pauses' | 'closures'>> & { contact_rules?: (RolePair & { rule: ContactRule })[] }

/** How many conversations would change for people of one role because of another. */
export interface PairCount extends RolePair {
  direct: number
  groups: number
}

/** What a change would close, and open again. */
export interface RulesPreview {
  closed: PairCount[]
  opened: PairCount[]
}

/** What the import of a calendar has added. */
export interface ImportedClosures {
  added: number
  unchanged: number
  ignored: number
  closures: Closure[]
}

const isRole = isOneOf(roles)
const isRoles = isArrayOf(isRole)
const isContactRule = isOneOf(contactRules)

export const isPause: Guard<Pause> = isShape<Pause>({ id: isNumber, roles: isRoles, text: isString, from: isString, until: isNullOr(isString) })

export const isClosure: Guard<Closure> = isShape<Closure>({ id: isNumber, name: isString, first_day: isString, last_day: isString })

export const isRules: Guard<Rules> = isShape<Rules>({
  contacts: isOneOf(['rules', 'open']),
  contact_rules: isArrayOf(isShape<PairRule>({ from_role: isRole, to_role: isRole, rule: isContactRule, default_rule: isContactRule })),
  guardians_join: isString,
  pauses: isArrayOf(isPause),
  quiet: isOneOf(['off', 'defer']),
  quiet_from: isString,
  quiet_to: isString,
  quiet_days: isArrayOf(isOneOf(weekdays)),
  quiet_roles: isRoles,
  urgent_roles: isRoles,
  closures: isArrayOf(isClosure),
})

const isPairCounts = isArrayOf(isShape<PairCount>({ from_role: isRole, to_role: isRole, direct: isNumber, groups: isNumber }))

export const isRulesPreview: Guard<RulesPreview> = isShape<RulesPreview>({ closed: isPairCounts, opened: isPairCounts })

export const isImportedClosures: Guard<ImportedClosures> = isShape<ImportedClosures>({
  added: isNumber,
  unchanged: isNumber,
  ignored: isNumber,
  closures: isArrayOf(isClosure),
})
