import { ShieldCheck } from 'lucide-react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation, Id } from '../../protocol/resources'
import { senderText } from '../state/senderText'

addLaterTexts()

/** Shows who manages a group, which explains to others why buttons are missing. */
export function ManagedBy({ conversation, userId }: { conversation: Conversation; userId: Id }) {
  const { t } = useTranslation()
  const { managed_by: manager, can } = conversation
  const name = manager === 0 ? '' : senderText(t, conversation, manager)
  return (
    <p className="details-managed">
      <ShieldCheck size={18} aria-hidden="true" />
      <span>
        {manager === userId && t('details.managedByYou')}
        {manager !== userId && can.rename && (name ? t('details.managedWithYou', { name }) : t('details.managedByStaff'))}
        {manager !== userId && !can.rename && (name ? t('details.managedBy', { name }) : t('details.managedByNobody'))}
      </span>
    </p>
  )
}
