import type { TFunction } from 'i18next'
import { nameAmong } from '../../i18n/personDescription'
import type { Conversation, Id } from '../../protocol/resources'
import { isWhole, participantOf } from './conversations'

/** The author of a message: the name, told apart from others of that name, or why there is none. */
export function senderText(t: TFunction, conversation: Conversation | undefined, senderId: Id): string {
  const sender = conversation && participantOf(conversation, senderId)
  if (sender) return nameAmong(sender, conversation.participants)
  if (!conversation || senderId === 0) return t('chat.unknown')
  return isWhole(conversation) ? t('chat.formerMember') : t('chat.someMember')
}
