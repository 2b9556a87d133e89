import { type Guard, isArrayOf, isBoolean, isMessage, isNumber, isShape, isString } from './decode'
import type { FoundMessage, SnippetPart } from './resources'

export const isFoundMessage: Guard<FoundMessage> = isShape<FoundMessage>({
  message: isMessage,
  conversation_id: isNumber,
  snippet: isArrayOf(isShape<SnippetPart>({ text: isString, match: isBoolean })),
})
