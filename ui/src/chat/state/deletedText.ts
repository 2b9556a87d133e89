import type { TFunction } from 'i18next'
import type { Message } from '../../protocol/resources'

/** The text in place of a deleted message. */
export function deletedText(t: TFunction, message: Message): string {
  return t(message.edited_by === 'administration' ? 'message.deletedByAdministration' : 'message.deleted')
}
