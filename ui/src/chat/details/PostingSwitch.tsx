import { Megaphone } from 'lucide-react'
import { startTransition, useOptimistic } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation, Posting } from '../../protocol/resources'

addLaterTexts()

interface PostingSwitchProps {
  conversation: Conversation
  onPosting: (posting: Posting) => Promise<unknown>
}

/** Whether only staff write in a group: a switch for who may change it, a note for the others. */
export function PostingSwitch({ conversation, onPosting }: PostingSwitchProps) {
  const { t } = useTranslation()
  const isStaffOnly = conversation.posting === 'staff'
  const [isOn, show] = useOptimistic(isStaffOnly)
  if (!conversation.can.posting) {
    if (!isStaffOnly) return null
    return (
      <p className="details-managed">
        <Megaphone size={18} aria-hidden="true" />
        {t('cannotWrite.staff_only')}
      </p>
    )
  }
  return (
    <label className="switch">
      <Megaphone size={18} aria-hidden="true" />
      <span>
        <strong>{t('details.posting')}</strong>
        <span>{t('details.postingHint')}</span>
      </span>
      <input
        type="checkbox"
        role="switch"
        className="switch-control"
        aria-label={t('details.posting')}
        checked={isOn}
        onChange={({ target }) => {
          const posting = target.checked ? 'staff' : 'all'
          startTransition(async () => {
            show(posting === 'staff')
            await onPosting(posting)
          })
        }}
      />
    </label>
  )
}
