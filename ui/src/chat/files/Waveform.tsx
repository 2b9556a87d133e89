import type { KeyboardEvent } from 'react'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { lengthText } from './lengthText'

const height = 28
/** Of a bar with its gap, in the units of the drawing. */
const step = 5
/** How much shorter, in seconds, a sound may be than its file says: a packet or two. */
const nearEnd = 0.1
/** What an arrow key moves by, in seconds. */
const leap = 5

interface WaveformProps {
  peaks: readonly number[] | null
  at: number
  length: number
  tabIndex?: number | undefined
  onSeek: (at: number) => void
  onToggle: () => void
}

/** Where a sound is: a slider over its form, or over a line. From left to right in every language, as time is on players. */
export function Waveform({ peaks, at, length, tabIndex, onSeek, onToggle }: WaveformProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const place = length - at < nearEnd ? length : at
  const part = length > 0 ? place / length : 0
  const onKeyDown = (event: KeyboardEvent) => {
    const act = actions[event.key]
    // Otherwise the list takes them for itself.
    if (act || event.key === ' ') event.stopPropagation()
    if (event.key === ' ') {
      event.preventDefault()
      onToggle()
    } else if (act) {
      event.preventDefault()
      onSeek(act(at, length))
    }
  }
  return (
    <span className="waveform" dir="ltr">
      {peaks ? (
        <svg viewBox={`0 0 ${peaks.length * step} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={bars(peaks)} />
          <path className="is-played" d={bars(peaks)} style={{ clipPath: `inset(0 ${100 - part * 100}% 0 0)` }} />
        </svg>
      ) : (
        <span className="waveform-line" aria-hidden="true">
          <span style={{ width: `${part * 100}%` }} />
        </span>
      )}
      <input
        type="range"
        min={0}
        max={length || 1}
        step="any"
        value={place}
        disabled={length === 0}
        tabIndex={tabIndex}
        aria-label={t('place')}
        aria-valuetext={t('placeOf', { at: lengthText(i18n.language, place), length: lengthText(i18n.language, length) })}
        onChange={({ target }) => {
          onSeek(Number(target.value))
        }}
        onKeyDown={onKeyDown}
      />
    </span>
  )
}

const actions: Readonly<Record<string, (at: number, length: number) => number>> = {
  ArrowRight: (at) => at + leap,
  ArrowUp: (at) => at + leap,
  ArrowLeft: (at) => at - leap,
  ArrowDown: (at) => at - leap,
  PageUp: (at, length) => at + length / 5,
  PageDown: (at, length) => at - length / 5,
  Home: () => 0,
  End: (_, length) => length,
}

/** A line for each, from the middle up and down. */
function bars(peaks: readonly number[]): string {
  return peaks
    .map((peak, index) => {
      const half = Math.max(1.5, (Math.sqrt(peak) * height) / 2 - 1.5)
      return `M${index * step + step / 2} ${(height / 2 - half).toFixed(1)}V${(height / 2 + half).toFixed(1)}`
    })
    .join('')
}
