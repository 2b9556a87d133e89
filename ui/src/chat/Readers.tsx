import { useTranslation } from '../i18n/useTranslation'

interface ReadersProps {
  read: string[]
  /** Who hasn't read it yet. */
  others: string[]
}

/** Who of a group has read a message of ours: the number, and on a press the names. */
export function Readers({ read, others }: ReadersProps) {
  const { t, i18n } = useTranslation()
  const names = (people: string[]) => new Intl.ListFormat(i18n.language).format(people)
  return (
    <details className="readers">
      <summary>{t('message.readBy', { read: read.length, all: read.length + others.length })}</summary>
      {read.length > 0 && <p>{t('message.readers', { names: names(read) })}</p>}
      {others.length > 0 && <p>{t('message.notReaders', { names: names(others) })}</p>}
    </details>
  )
}
