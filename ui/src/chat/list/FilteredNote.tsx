import { X } from 'lucide-react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { ListFilter } from './useListed'

addLaterTexts()

interface FilteredProps {
  /** Not all of them. */
  filter: ListFilter
}

/** Above the list: which conversations are shown; a press shows all. */
export function FilterChip({ filter, onFilter }: FilteredProps & { onFilter: (filter: ListFilter) => void }) {
  const { t } = useTranslation()
  const name = t(filter === 'unread' ? 'own.unread' : 'own.archived')
  return (
    <button
      type="button"
      className="filter-chip"
      aria-label={t('message.actionOn', { action: name, text: t('own.showAll') })}
      title={t('own.showAll')}
      onClick={({ currentTarget }) => {
        onFilter('all')
        // It is removed: the focus moves on to the button of the filter.
        currentTarget.closest('.list')?.querySelector('button')?.focus()
      }}
    >
      {name}
      <X size={14} aria-hidden="true" />
    </button>
  )
}

/** Says that no conversation is unread, or archived. */
export function FilteredNote({ filter }: FilteredProps) {
  const { t } = useTranslation()
  return <p className="list-note" role="status">{t(filter === 'unread' ? 'own.noUnread' : 'own.noArchived')}</p>
}
