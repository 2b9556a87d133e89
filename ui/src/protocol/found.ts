import { type Guard, isArrayOf, isBoolean, isMessage, isNumber, isShape, isString } from './decode'
import type { Id, Message } from './resources'

/** A part of the text of a found message; `match` for a searched word. */
export interface SnippetPart {
  text: string
  match: boolean
}

/** A message found by its words, with the part of its text around them. */
export interface FoundMessage {
  message: Message
  conversation_id: Id
  snippet: SnippetPart[]
}

export const isFoundMessage: Guard<FoundMessage> = isShape<FoundMessage>({
  message: isMessage,
  conversation_id: isNumber,
  snippet: isArrayOf(isShape<SnippetPart>({ text: isString, match: isBoolean })),
})
