import { useState } from 'react'
import { useHelpTexts } from '../i18n/help/texts'
import { readStored, writeStored } from '../lib/storage'

const key = 'messagerie.tips'

/** What helps on the first days; closed once, on this device, for good. */
export function Tips() {
  const t = useHelpTexts()
  const [isShown, setIsShown] = useState(() => readStored(key) === null)
  if (!isShown) return null
  return (
    <aside className="home-tips" aria-label={t('tips.label')}>
      <ul>
        <li>{t('tips.write')}</li>
        <li>{t('tips.act')}</li>
        <li>{t('tips.keys')}</li>
      </ul>
      <button
        type="button"
        className="text-button"
        onClick={() => {
          writeStored(key, 'seen')
          setIsShown(false)
        }}
      >
        {t('tips.close')}
      </button>
    </aside>
  )
}
