import './sounds.css'
import { Download, LoaderCircle, Pause, Play, TriangleAlert } from 'lucide-react'
import { use, useEffect, useRef } from 'react'
import { attachmentUrl } from '../../actions/attachmentAction'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { RowTabIndex } from '../messages/useRowFocus'
import { FileCard } from './FileCard'
import { clockText, lengthText, rateText } from './lengthText'
import { usePeaks } from './peaks'
import { knownUrl, urlOf } from './pictures'
import type { ShownFile } from './shownFile'
import { changeRate, dropSound, pauseSound, playSound, seekSound, type SoundSource, useRate, useSound } from './sounds'
import { UploadMark } from './UploadMark'
import { useDownload } from './useDownload'
import { isVoice } from './voice'
import { Waveform } from './Waveform'

interface SoundPlayerProps {
  file: ShownFile
  onRemove?: ((key: string) => void) | undefined
}

/** A sound: a voice message, or a file with its name below. Also one that is only on this device yet. */
export function SoundPlayer({ file, onRemove }: SoundPlayerProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const place = useRef<HTMLDivElement>(null)
  const { key, stored, outgoing } = file
  const source = sourceOf(file)
  const { status, at, length } = useSound(key)
  const peaks = usePeaks({ source: file.whole, size: file.size, length: file.duration })
  const { state: saving, download } = useDownload(file)
  // What the browser measures differs by some hundredths.
  const whole = file.duration || length
  const isVoiceMessage = isVoice(file)
  useEffect(() => {
    // Out of sight it plays on, but not once its conversation is closed.
    const pane = place.current?.closest('.pane')
    return () => {
      if (!pane?.isConnected) dropSound(key)
    }
  }, [key])
  const isPlaying = status === 'playing' || status === 'loading'
  const toggle = () => {
    if (isPlaying) pauseSound()
    else playSound(source)
  }
  const name = isVoiceMessage ? t('voice') : t('sound', { name: file.name })
  const Icon = status === 'loading' ? LoaderCircle : status === 'playing' ? Pause : Play
  return (
    <div ref={place} className="player" role="group" aria-label={whole ? t('details', { kind: name, size: lengthText(i18n.language, whole) }) : name}>
      <div className="sound" data-status={status}>
        <button type="button" className="sound-play" tabIndex={tabIndex} aria-label={t(isPlaying ? 'pause' : 'play')} title={t(isPlaying ? 'pause' : 'play')} onClick={toggle}>
          <Icon size={20} aria-hidden="true" fill={status === 'loading' ? 'none' : 'currentColor'} />
        </button>
        <div className="sound-body">
          <Waveform peaks={peaks} at={at} length={whole} tabIndex={tabIndex} onSeek={(to) => { seekSound(source, to) }} onToggle={toggle} />
          <span className="sound-foot">
            {status === 'failed' || saving === 'failed' ? (
              <span className="sound-problem" role="alert">
                <TriangleAlert size={14} aria-hidden="true" />
                {t(status === 'failed' ? 'notPlayed' : 'notDownloaded')}
              </span>
            ) : (
              <span className="sound-time" dir="ltr">
                {at > 0 || !whole ? clockText(i18n.language, at) : ''}
                {at > 0 && whole > 0 ? ' / ' : ''}
                {whole > 0 ? clockText(i18n.language, whole) : ''}
              </span>
            )}
            {!outgoing && <Rate tabIndex={tabIndex} />}
            {stored && isVoiceMessage && (
              <button type="button" className="sound-save" tabIndex={tabIndex} aria-label={t('saveVoice')} title={t('saveVoice')} onClick={download}>
                <Download size={16} aria-hidden="true" />
              </button>
            )}
          </span>
        </div>
        {outgoing && <UploadMark file={outgoing} onRemove={onRemove} />}
      </div>
      {!isVoiceMessage && !outgoing && <FileCard file={file} />}
    </div>
  )
}

/** How fast all sounds are played. */
function Rate({ tabIndex }: { tabIndex: -1 | undefined }) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const rate = rateText(i18n.language, useRate())
  const label = t('rate', { rate })
  return (
    <button type="button" className="sound-rate" tabIndex={tabIndex} aria-label={label} title={label} onClick={changeRate}>
      <bdi dir="ltr">{rate}×</bdi>
    </button>
  )
}

/** From memory if it is there, or on this device; else in parts, by the browser. */
function sourceOf({ key, duration, whole, stored }: ShownFile): SoundSource {
  return {
    key,
    length: duration,
    address: (isNew) => (stored && (isNew || !knownUrl(whole.key)) ? attachmentUrl(stored.id, isNew) : urlOf(whole)),
  }
}
