import { type Guard, isArrayOf, isBoolean, isNumber, isShape, isString } from './decode'
import type { Id } from './resources'

/** What becomes of the students of a class when the school year ends. */
export const yearEndActions = ['promoted', 'leaving', 'waiting'] as const
export type YearEndAction = (typeof yearEndActions)[number]

/** A class of an earlier year, and what is proposed for its students. */
export interface YearEndClass {
  id: Id
  name: string
  level: string
  year: string
  students: number
  teachers: number
  /** One of yearEndActions, or one that this client doesn't know. */
  action: string
  /** The name of their next class; a proposal may have one for any action. */
  becomes: string
  becomes_level: string
}

export interface YearEnd {
  /** The school year that begins. */
  year: string
  /** The next import will have the new classes. */
  has_imports: boolean
  keep_teachers: boolean
  classes: YearEndClass[]
}

export const isYearEnd: Guard<YearEnd> = isShape<YearEnd>({
  year: isString,
  has_imports: isBoolean,
  keep_teachers: isBoolean,
  classes: isArrayOf(
    isShape<YearEndClass>({
      id: isNumber,
      name: isString,
      level: isString,
      year: isString,
      students: isNumber,
      teachers: isNumber,
      action: isString,
      becomes: isString,
      becomes_level: isString,
    }),
  ),
})
