import { isAbsentOr, isNumber, isOneOf, isShape, isString, type Guard } from './decode'
import { editors, type Editor, type Id, type Timestamp } from './resources'

/** What a message said before one of its edits. */
export interface EarlierContent {
  id: Id
  content: string
  /** When it was written. */
  timestamp: Timestamp
  /** Who wrote it; empty for what was sent. */
  edited_by?: Editor
}

export const isEarlierContent: Guard<EarlierContent> = isShape<EarlierContent>({ id: isNumber, content: isString, timestamp: isString, edited_by: isAbsentOr(isOneOf(editors)) })
