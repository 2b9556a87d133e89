import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { ListFilter } from './useListed'

addLaterTexts()

/** Says that no conversation is unread, or archived. */
export function FilteredNote({ filter }: { filter: ListFilter }) {
  const { t } = useTranslation()
  return <p className="list-note" role="status">{t(filter === 'unread' ? 'own.noUnread' : 'own.noArchived')}</p>
}
