import { useEffect, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { fetchAllClasses } from '../../actions/directoryAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { Select } from '../../parts/Select'
import type { ClassSummary, Id } from '../../protocol/resources'

interface ClassSelectProps {
  establishmentId: Id
  value: Id | null
  onChange: (id: Id | null) => void
}

export function ClassSelect({ establishmentId, value, onChange }: ClassSelectProps) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const [classes, setClasses] = useState<ClassSummary[] | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  useEffect(() => {
    const abort = new AbortController()
    fetchAllClasses(establishmentId, { signal: abort.signal }).then(setClasses, (error: unknown) => {
      if (!isAbort(error)) setHasFailed(true)
    })
    return () => {
      abort.abort()
    }
  }, [establishmentId])
  if (hasFailed) return <p className="alert">{t('letters.classesFailed')}</p>
  if (classes?.length === 0) return <p className="panel-text">{t('letters.classesNone')}</p>
  const inOrder = [...(classes ?? [])].sort((one, other) => one.name.localeCompare(other.name, language, { numeric: true }))
  return (
    <label className="select">
      <span>{t('letters.class')}</span>
      <Select
        value={value ?? ''}
        disabled={classes === null}
        onChange={(event) => {
          onChange(Number(event.target.value) || null)
        }}
      >
        <option value="">{t('letters.classChoose')}</option>
        {inOrder.map(({ id, name, students }) => (
          <option key={id} value={id}>
            {t('letters.classSize', { name, students })}
          </option>
        ))}
      </Select>
    </label>
  )
}
