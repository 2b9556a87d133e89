import { CalendarClock } from 'lucide-react'
import type { Language } from '../i18n/i18n'
import { addLaterTexts } from '../i18n/later'
import { whenText } from '../i18n/schedule/whenText'
import { useTranslation } from '../i18n/useTranslation'
import { useSpokenText } from '../lib/useSpokenText'
import type { OwnPause } from '../protocol/resources'

addLaterTexts()

interface PauseBannerProps {
  pause: OwnPause
  zone: string | undefined
}

/** Over the whole chat while writing is paused for the user's role. */
export function PauseBanner({ pause, zone }: PauseBannerProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const text = pause.until ? t('cannotWrite.pausedUntil', { when: whenText(language, pause.until, zone) }) : t('cannotWrite.paused')
  return (
    <section className="pause" aria-label={t('cannotWrite.pause')}>
      <CalendarClock size={20} aria-hidden="true" />
      <div role="status">
        <p>{useSpokenText(text)}</p>
        <p className="pause-text" dir="auto">
          {useSpokenText(pause.text)}
        </p>
      </div>
    </section>
  )
}
