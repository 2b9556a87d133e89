import './sounds.css'
import { CircleStop, Mic, Pause, SendHorizontal, Trash2, TriangleAlert, X } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import { currentConnection } from '../../actions/connection'
import { useFileTexts } from '../../i18n/files/texts'
import type { Language } from '../../i18n/i18n'
import { useTranslation } from '../../i18n/useTranslation'
import type { Place } from '../../lib/place'
import { usualFiles } from '../../protocol/files'
import type { Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { draftWith, filesIn } from '../state/draftFiles'
import { draftOfFiles, readDraft, storeDraft } from '../state/useDraft'
import { placeOfWriting } from '../state/useIntent'
import { chooseFiles } from './chooseFiles'
import { forgetFiles } from './fileStore'
import { clockText, lengthText } from './lengthText'
import { longest, Recording, type RecordingState } from './recording'
import { Review } from './Review'
import { voiceName } from './voice'

export interface RecorderProps {
  userId: Id
  place: Place
  onSend: (file: OutgoingFile) => void
  /** Back to writing. */
  onEnd: () => void
}

/**
 * In place of the field: records a voice message, which can be paused, listened to and thrown away. What was recorded
 * when the conversation is left waits among its files.
 */
export function Recorder({ userId, place, onSend, onEnd }: RecorderProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const language = i18n.language as Language
  const [state, setState] = useState<RecordingState>({ status: 'asking' })
  const [attempt, setAttempt] = useState(0)
  const [isSending, setIsSending] = useState(false)
  const recording = useRef<Recording | null>(null)
  /** What becomes of it once it has stopped. */
  const aim = useRef<'review' | 'send' | 'keep' | 'done'>('review')

  const fileOf = async (ready: RecordingState & { status: 'ready' }): Promise<OutgoingFile | undefined> => {
    const { blob, seconds } = ready
    const file = new File([blob], voiceName(blob.type, new Date()), { type: blob.type })
    const [chosen] = (await chooseFiles({ userId, added: [file], already: 0, limits: usualFiles, language })).chosen
    return chosen && { ...chosen, duration: Math.round(seconds * 10) / 10 }
  }
  const send = async (ready: RecordingState & { status: 'ready' }) => {
    if (aim.current === 'done') return
    aim.current = 'done'
    setIsSending(true)
    const file = await fileOf(ready)
    if (file) onSend(file)
    onEnd()
  }
  const keep = async (ready: RecordingState & { status: 'ready' }) => {
    aim.current = 'done'
    // Nothing is left on the device of somebody who has logged out.
    const { getToken } = currentConnection()
    const file = getToken() ? await fileOf(ready) : undefined
    const draft = { userId, place: placeOfWriting(userId, place), of: draftOfFiles }
    if (file && getToken()) storeDraft(draft, draftWith([...filesIn(readDraft(draft)), file]))
    else if (file) await forgetFiles(userId, [file.key])
  }
  const changed = useEffectEvent((next: RecordingState) => {
    if (next.status === 'ready' && aim.current === 'send') void send(next)
    else if (next.status === 'ready' && aim.current === 'keep') void keep(next)
    else setState(next)
  })
  const left = useEffectEvent(() => {
    if (aim.current === 'done') return
    if (state.status === 'ready') {
      void keep(state)
      return
    }
    aim.current = 'keep'
    if (state.status === 'recording' || state.status === 'paused') recording.current?.stop()
    else recording.current?.drop()
  })
  useEffect(() => {
    const begun = new Recording((next) => {
      changed(next)
    })
    recording.current = begun
    aim.current = 'review'
    void begun.begin()
    return () => {
      left()
    }
  }, [attempt])
  useUnloadQuestion(state.status !== 'asking' && state.status !== 'failed')

  const drop = () => {
    aim.current = 'done'
    recording.current?.drop()
    onEnd()
  }
  return (
    <div className="composer-form recorder" role="group" aria-label={t('voice')} data-status={state.status}>
      {state.status === 'failed' ? (
        <>
          <span className="recorder-problem" role="alert">
            <TriangleAlert size={18} aria-hidden="true" />
            {t(`recording.${state.problem}`)}
          </span>
          <Button label={t('recording.again')} icon={<Mic size={20} />} takesFocus onPress={() => { setAttempt((count) => count + 1) }} />
          <Button label={t('recording.leave')} icon={<X size={20} />} onPress={drop} />
        </>
      ) : (
        <>
          <Button label={t('recording.drop')} icon={<Trash2 size={20} />} isDisabled={isSending} onPress={drop} />
          {state.status === 'asking' && <span className="recorder-note" role="status">{t('recording.asking')}</span>}
          {(state.status === 'recording' || state.status === 'paused') && (
            <>
              <span className="recorder-time" role="timer" aria-label={t('recording.time', { length: lengthText(language, state.seconds), longest: lengthText(language, longest) })}>
                <span className="recorder-dot" aria-hidden="true" />
                {clockText(language, state.seconds)}
              </span>
              <span className="visually-hidden" role="status">{t(state.status === 'paused' ? 'recording.paused' : 'recording.on')}</span>
              <Levels levels={state.levels} />
              {state.status === 'recording' ? (
                <Button label={t('recording.pause')} icon={<Pause size={20} fill="currentColor" />} onPress={() => recording.current?.pause()} />
              ) : (
                <Button label={t('recording.resume')} icon={<Mic size={20} />} onPress={() => recording.current?.resume()} />
              )}
              <Button label={t('recording.stop')} icon={<CircleStop size={22} />} takesFocus onPress={() => recording.current?.stop()} />
            </>
          )}
          {state.status === 'ready' && <Review blob={state.blob} seconds={state.seconds} isFull={state.isFull} />}
          <button
            type="button"
            className="send-button"
            aria-label={t('recording.send')}
            title={t('recording.send')}
            disabled={state.status === 'asking' || isSending}
            onClick={() => {
              if (state.status === 'ready') void send(state)
              else {
                aim.current = 'send'
                recording.current?.stop()
              }
            }}
          >
            <SendHorizontal size={20} aria-hidden="true" />
          </button>
        </>
      )}
    </div>
  )
}

interface ButtonProps {
  label: string
  icon: ReactNode
  takesFocus?: boolean
  isDisabled?: boolean
  onPress: () => void
}

function Button({ label, icon, takesFocus = false, isDisabled = false, onPress }: ButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (takesFocus) button.current?.focus()
  }, [takesFocus])
  return (
    <button ref={button} type="button" className="icon-button" aria-label={label} title={label} disabled={isDisabled} onClick={onPress}>
      <span className="recorder-icon" aria-hidden="true">{icon}</span>
    </button>
  )
}

/** How loud it was lately, the latest at the end. */
function Levels({ levels }: { levels: readonly number[] }) {
  return (
    <span className="recorder-levels" dir="ltr" aria-hidden="true">
      {levels.map((level, index) => (
        <span key={index} style={{ height: `${Math.max(10, Math.min(100, Math.sqrt(level) * 110))}%` }} />
      ))}
    </span>
  )
}

/** Makes the browser ask before the page is left. */
function useUnloadQuestion(isDue: boolean): void {
  useEffect(() => {
    if (!isDue) return
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => {
      window.removeEventListener('beforeunload', ask)
    }
  }, [isDue])
}
