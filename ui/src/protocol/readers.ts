import { type Guard, isNullOr, isNumber, isOneOf, isShape, isString } from './decode'
import { type Id, type MessageStatus, messageStatuses, type Timestamp } from './resources'

/** What has become of a message for one of the others in its conversation. */
export interface MessageReader {
  user_id: Id
  first_name: string
  last_name: string
  status: MessageStatus
  /** Null if it isn't known. */
  read_at: Timestamp | null
}

export const isMessageReader: Guard<MessageReader> = isShape<MessageReader>({
  user_id: isNumber,
  first_name: isString,
  last_name: isString,
  status: isOneOf(messageStatuses),
  read_at: isNullOr(isString),
})
