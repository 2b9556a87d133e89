import { Check } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'

const shownFor = 2_000

/** Says for a moment that a message was copied. Each copying mounts it anew. */
export function CopiedNote() {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(true)
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setIsShown(false)
    }, shownFor)
    return () => {
      window.clearTimeout(timer)
    }
  }, [])
  return (
    <p className="copied" role="status">
      {isShown && (
        <span>
          <Check size={16} aria-hidden="true" />
          {t('message.copied')}
        </span>
      )}
    </p>
  )
}
