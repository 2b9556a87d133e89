import { useState } from 'react'
import { useHelpTexts } from '../../i18n/help/texts'
import { touchQuery, useMediaQuery } from '../../lib/useMediaQuery'
import { areTipsDue, closeTips } from './tipsSeen'

const tips = { mouse: ['write', 'act', 'keys'], finger: ['write', 'press', 'pressLine'] } as const

/** What helps on the first days; closed once, on this device, for good. */
export function Tips() {
  const t = useHelpTexts()
  const isTouched = useMediaQuery(touchQuery)
  const [isShown, setIsShown] = useState(areTipsDue)
  if (!isShown) return null
  return (
    <section className="home-tips" aria-label={t('tips.label')}>
      <strong>{t('tips.label')}</strong>
      <ul>
        {tips[isTouched ? 'finger' : 'mouse'].map((tip) => (
          <li key={tip}>{t(`tips.${tip}`)}</li>
        ))}
      </ul>
      <button
        type="button"
        className="text-button"
        onClick={() => {
          closeTips()
          setIsShown(false)
        }}
      >
        {t('tips.close')}
      </button>
    </section>
  )
}
