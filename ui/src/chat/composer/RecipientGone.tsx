import { UserRoundX } from 'lucide-react'
import { useTranslation } from '../../i18n/useTranslation'
import { UnsentTexts } from '../../parts/UnsentTexts'
import { type DraftPlace, useDraft } from '../state/useDraft'

/** Replaces the composer when the other person has left. A draft can still be copied. */
export function RecipientGone({ place, onCopy }: { place: DraftPlace; onCopy: (text: string) => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useDraft(place)
  return (
    <div className="composer recipient-gone">
      <p>
        <UserRoundX size={18} aria-hidden="true" />
        {t('chat.recipientGone')}
      </p>
      {draft.trim() && <UnsentTexts texts={[{ key: 'draft', content: draft, discard: () => { setDraft('') } }]} onCopy={onCopy} />}
    </div>
  )
}
