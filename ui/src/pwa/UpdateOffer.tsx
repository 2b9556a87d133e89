import './update.css'
import { useState, useSyncExternalStore } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { isUpdateReady, subscribeToUpdate, takeUpdate } from './update'

/** Offers a new version; drafts are kept over the reload. */
export function UpdateOffer() {
  const { t } = useTranslation()
  const isReady = useSyncExternalStore(subscribeToUpdate, isUpdateReady)
  const [isPutOff, setIsPutOff] = useState(false)
  if (!isReady || isPutOff) return null
  return (
    <aside className="update" aria-label={t('update.label')}>
      <p role="status">{t('update.ready')}</p>
      <button type="button" className="button is-primary" onClick={takeUpdate}>
        {t('update.reload')}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          setIsPutOff(true)
        }}
      >
        {t('update.later')}
      </button>
    </aside>
  )
}
