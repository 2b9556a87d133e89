import { Pause, Play } from 'lucide-react'
import { useEffect, useId, useMemo, useRef } from 'react'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { clockText, lengthText } from './lengthText'
import { usePeaks } from './peaks'
import { urlOf } from './pictures'
import { longest } from './recording'
import { dropSound, pauseSound, playSound, seekSound, useSound } from './sounds'
import { Waveform } from './Waveform'

interface ReviewProps {
  blob: Blob
  seconds: number
  /** The recording ended because it was as long as it may be. */
  isFull: boolean
}

/** Listens to a recording before it is sent. */
export function Review({ blob, seconds, isFull }: ReviewProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const key = `recording ${useId()}`
  const source = useMemo(() => ({ key, load: () => Promise.resolve(blob) }), [key, blob])
  const sound = { key, length: seconds, address: () => urlOf(source) }
  const { status, at } = useSound(key)
  const peaks = usePeaks({ source, size: blob.size, length: seconds })
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    button.current?.focus()
    return () => {
      dropSound(key)
    }
  }, [key])
  const isPlaying = status === 'playing' || status === 'loading'
  const toggle = () => {
    if (isPlaying) pauseSound()
    else playSound(sound)
  }
  return (
    <>
      <button ref={button} type="button" className="icon-button" aria-label={t(isPlaying ? 'pause' : 'play')} title={t(isPlaying ? 'pause' : 'play')} onClick={toggle}>
        {isPlaying ? <Pause size={20} aria-hidden="true" fill="currentColor" /> : <Play size={20} aria-hidden="true" fill="currentColor" />}
      </button>
      <Waveform peaks={peaks} at={at} length={seconds} onSeek={(to) => { seekSound(sound, to) }} onToggle={toggle} />
      <span className="recorder-time" dir="ltr">{clockText(i18n.language, at > 0 ? at : seconds)}</span>
      <span className="visually-hidden" role="status">
        {isFull ? t('recording.full', { longest: lengthText(i18n.language, longest) }) : t('recording.ready', { length: lengthText(i18n.language, seconds) })}
      </span>
    </>
  )
}
