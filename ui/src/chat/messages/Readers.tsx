import { use } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { RowTabIndex } from './useRowFocus'

interface ReadersProps {
  read: string[]
  /** Who hasn't read it yet. */
  others: string[]
}

/** The readers of one of the user's messages in a group: the number, and on a click the names. */
export function Readers({ read, others }: ReadersProps) {
  const { t } = useTranslation()
  return (
    <details className="readers">
      <summary tabIndex={use(RowTabIndex)}>{t('message.readBy', { read: read.length, all: read.length + others.length })}</summary>
      <Names label={t('message.readers')} people={read} />
      <Names label={t('message.notReaders')} people={others} />
    </details>
  )
}

function Names({ label, people }: { label: string; people: string[] }) {
  const { i18n } = useTranslation()
  if (people.length === 0) return null
  return (
    <>
      <p aria-hidden="true">{label}</p>
      <ul aria-label={label}>
        {[...people].sort(new Intl.Collator(i18n.language).compare).map((name, index) => (
          <li key={`${name} ${index}`} dir="auto">
            {name}
          </li>
        ))}
      </ul>
    </>
  )
}
